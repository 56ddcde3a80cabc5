/** What DNS threads count, in shared memory: a thread only ever adds to its own numbers. */

/** Numbers that are not replies. */
export const dnsCountNames = [
  "dropped",
  "sendFailed",
  "tcpAccepted",
  "tcpOpen",
  "tcpRefused",
  "tcpTimedOut",
  "tcpNeverRead",
  "failures",
  "rateLimited",
  "signatureWaits",
  "tcpRefusedPerAddress",
] as const;
export type DnsCountName = (typeof dnsCountNames)[number];

/** RFC 6895 §2.3: RCODEs up to BADCOOKIE. */
const rcodesCounted = 24;
const slots = dnsCountNames.length + rcodesCounted * 2;

export class DnsCounts {
  readonly buffer: SharedArrayBuffer;
  /** Doubles count exactly up to 2^53, where 32 bits would wrap in a day. */
  readonly #values: Float64Array;

  constructor(buffer?: SharedArrayBuffer) {
    this.buffer = buffer ?? new SharedArrayBuffer(slots * 8);
    this.#values = new Float64Array(this.buffer);
  }

  add(name: DnsCountName, amount = 1): void {
    this.#values[dnsCountNames.indexOf(name)]! += amount;
  }

  get(name: DnsCountName): number {
    return this.#values[dnsCountNames.indexOf(name)]!;
  }

  /** A thread that ended has no open connections, and could not count them down. */
  forgetConnections(): void {
    this.#values[dnsCountNames.indexOf("tcpOpen")] = 0;
  }

  addReply(transport: "udp" | "tcp", rcode: number): void {
    this.#values[replySlot(transport, rcode)]!++;
  }

  getReplies(transport: "udp" | "tcp", rcode: number): number {
    return this.#values[replySlot(transport, rcode)]!;
  }
}

/** The RCODEs that are counted, for listing. */
export const countedRcodes: readonly number[] = Array.from({ length: rcodesCounted }, (_, i) => i);

function replySlot(transport: "udp" | "tcp", rcode: number): number {
  const base = dnsCountNames.length + (transport === "udp" ? 0 : rcodesCounted);
  return base + Math.min(rcode, rcodesCounted - 1);
}
