/**
 * When each host was last heard of, by whom and how often: what the pages say of a host beside its address. Counted in
 * memory at 16 octets a host; what is new goes to the store in batches, so that a repeat costs no write of its own.
 */

import type { HostAddresses, HostId } from "./host.ts";

/** What a request said of a host. */
export interface Contact {
  readonly host: HostId;
  readonly atMs: number;
  readonly device: string;
  readonly kind: "change" | "repeat" | "refusal";
  /** Of a change: what the host has now. */
  readonly addresses?: HostAddresses;
}

/** What is new since the last batch. */
export interface ContactBatch {
  readonly heard: readonly {
    readonly host: HostId;
    readonly atMs: number;
    readonly device: string;
  }[];
  /** To be added to what the day has. */
  readonly days: readonly DayCounts[];
  readonly spans: readonly AddressSpan[];
}

export interface DayCounts {
  readonly host: HostId;
  /** Days since 1970, UTC. */
  readonly day: number;
  readonly changes: number;
  readonly contacts: number;
  readonly refused: number;
}

/** From then on the host had this address, or none. */
export interface AddressSpan {
  readonly host: HostId;
  readonly family: 4 | 6;
  readonly fromMs: number;
  readonly address: Uint8Array | undefined;
}

const dayMs = 86_400_000;
/** More distinct programs than any installation has; later ones are not told apart. */
const devicesMax = 10_000;
const deviceCharactersMax = 100;
/** Entries that wait for the next batch; above it single contacts are left out, which the next one makes good. */
const waitingMax = 50_000;
/** The rhythm is believed after so many gaps. */
const gapsMin = 3;
/** How much the newest gap counts in the mean. */
const newestShare = 0.2;

export class Contacts {
  /** By host id; 0: never. */
  #heardAtMs = new Float64Array(1_024);
  /** Index into `#devices`; 0: nobody. */
  #deviceOf = new Uint16Array(1_024);
  /** Mean gap between contacts, in minutes, and how many there were. */
  #gapMinutes = new Float32Array(1_024);
  #gaps = new Uint8Array(1_024);
  readonly #devices: string[] = [""];
  readonly #deviceIndex = new Map<string, number>([["", 0]]);
  #waiting = new Map<HostId, { changes: number; contacts: number; refused: number; day: number }>();
  #spans: AddressSpan[] = [];

  note({ host, atMs, device, kind, addresses }: Contact): void {
    this.#grow(host);
    const day = Math.floor(atMs / dayMs);
    let counts = this.#waiting.get(host);
    if (counts === undefined && this.#waiting.size < waitingMax) {
      counts = { changes: 0, contacts: 0, refused: 0, day };
      this.#waiting.set(host, counts);
    }
    if (kind === "refusal") {
      if (counts !== undefined) counts.refused++;
      return;
    }
    if (counts !== undefined) counts.contacts++;
    this.#learn(host, atMs);
    this.#heardAtMs[host] = atMs;
    this.#deviceOf[host] = this.#indexOf(device);
    if (kind === "repeat") return;
    if (counts !== undefined) counts.changes++;
    if (addresses === undefined || this.#spans.length >= waitingMax) return;
    const { v4, v6 } = addresses;
    this.#spans.push({ host, family: 4, fromMs: atMs, address: v4 });
    this.#spans.push({ host, family: 6, fromMs: atMs, address: v6 });
  }

  /** What the store had when the program started. */
  restore(host: HostId, atMs: number, device: string): void {
    this.#grow(host);
    if (this.#heardAtMs[host]! >= atMs) return;
    this.#heardAtMs[host] = atMs;
    this.#deviceOf[host] = this.#indexOf(device);
  }

  /** Undefined: never. */
  heardAtMs(host: HostId): number | undefined {
    return this.#heardAtMs[host] || undefined;
  }

  /** What it last called itself. */
  deviceOf(host: HostId): string {
    return this.#devices[this.#deviceOf[host] ?? 0] ?? "";
  }

  /** Mean time between two contacts; undefined while it is not known well enough. */
  rhythmMs(host: HostId): number | undefined {
    if ((this.#gaps[host] ?? 0) < gapsMin) return undefined;
    return this.#gapMinutes[host]! * 60_000;
  }

  /** What is new, and from now on is not. */
  take(): ContactBatch | undefined {
    if (this.#waiting.size === 0) return undefined;
    const waiting = this.#waiting;
    const spans = this.#spans;
    this.#waiting = new Map();
    this.#spans = [];
    const hosts = [...waiting];
    return {
      heard: hosts
        .filter(([, { contacts }]) => contacts > 0)
        .map(([host]) => ({
          host,
          atMs: this.#heardAtMs[host]!,
          device: this.deviceOf(host),
        })),
      days: hosts.map(([host, counts]) => ({ host, ...counts })),
      spans,
    };
  }

  #learn(host: HostId, atMs: number): void {
    const before = this.#heardAtMs[host]!;
    if (before === 0) return;
    const minutes = (atMs - before) / 60_000;
    const gaps = this.#gaps[host]!;
    const mean = this.#gapMinutes[host]!;
    this.#gapMinutes[host] = gaps === 0 ? minutes : mean + (minutes - mean) * newestShare;
    if (gaps < 255) this.#gaps[host] = gaps + 1;
  }

  #indexOf(device: string): number {
    const text = device.slice(0, deviceCharactersMax);
    const known = this.#deviceIndex.get(text);
    if (known !== undefined) return known;
    if (this.#devices.length >= devicesMax) return 0;
    this.#deviceIndex.set(text, this.#devices.length);
    return this.#devices.push(text) - 1;
  }

  #grow(host: HostId): void {
    if (host < this.#heardAtMs.length) return;
    const room = Math.max(host + 1, this.#heardAtMs.length * 2);
    const heard = new Float64Array(room);
    heard.set(this.#heardAtMs);
    this.#heardAtMs = heard;
    const devices = new Uint16Array(room);
    devices.set(this.#deviceOf);
    this.#deviceOf = devices;
    const minutes = new Float32Array(room);
    minutes.set(this.#gapMinutes);
    this.#gapMinutes = minutes;
    const gaps = new Uint8Array(room);
    gaps.set(this.#gaps);
    this.#gaps = gaps;
  }
}
