/** What was sent and what was acknowledged, host by host, and whether a server still keeps its word. */

/** What is wrong with the value that a host shows. */
export type Fault =
  /** Older than the last acknowledged change, or not there at all. */
  | { readonly kind: "lost"; readonly host: number; readonly acknowledged: number }
  /** A change that was never sent. */
  | { readonly kind: "invented"; readonly host: number; readonly change: number }
  /** The value of another host. */
  | { readonly kind: "crossed"; readonly host: number; readonly other: number }
  | { readonly kind: "serial-went-back"; readonly before: number; readonly after: number };

/** The address of a documentation /32 (RFC 3849) that carries a host's number and its change's. */
export function makeValue(host: number, change: number): Uint8Array {
  const octets = new Uint8Array(16);
  const view = new DataView(octets.buffer);
  view.setUint32(0, 0x20010db8);
  view.setUint32(4, 1);
  view.setUint32(8, host);
  view.setUint32(12, change);
  return octets;
}

/** Hosts are numbered from 0, the changes of a host from 1. One change of a host is under way at most. */
export class Ledger {
  readonly hosts: number;
  /** Changes that were answered `good`, over all hosts. */
  acknowledged = 0;
  /** The first word of every answer, and how often it came; `""` is no answer. */
  readonly words = new Map<string, number>();
  readonly #sent: Uint32Array;
  readonly #acknowledged: Uint32Array;

  constructor(hosts: number) {
    this.hosts = hosts;
    this.#sent = new Uint32Array(hosts);
    this.#acknowledged = new Uint32Array(hosts);
  }

  /** The number of the host's next change, which is sent now. */
  send(host: number): number {
    return ++this.#sent[host]!;
  }

  /** The first answer to the newest change. Only `good` is an acknowledgement. */
  answer(host: number, word: string): void {
    this.words.set(word, this.count(word) + 1);
    if (word !== "good") return;
    this.#acknowledged[host] = this.#sent[host]!;
    this.acknowledged++;
  }

  count(word: string): number {
    return this.words.get(word) ?? 0;
  }

  lastAcknowledged(host: number): number {
    return this.#acknowledged[host]!;
  }

  /**
   * Holds what a host shows against what was sent: the last acknowledged change, or one that was
   * sent after it and never acknowledged. What is shown is what counts from now on.
   */
  check(host: number, value: Uint8Array | undefined): Fault | undefined {
    const acknowledged = this.#acknowledged[host]!;
    const view = value === undefined ? undefined : new DataView(value.buffer, value.byteOffset, 16);
    const other = view?.getUint32(8) ?? host;
    if (other !== host) return { kind: "crossed", host, other };
    const change = view?.getUint32(12) ?? 0;
    if (change > this.#sent[host]!) return { kind: "invented", host, change };
    this.#acknowledged[host] = change;
    return change < acknowledged ? { kind: "lost", host, acknowledged } : undefined;
  }
}
