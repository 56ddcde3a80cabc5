/**
 * When each host was last heard of, by whom and how often: what the pages say of a host beside its address. Counted in
 * memory at 17 octets a host; what is new goes to the store in batches, so that a repeat costs no write of its own.
 */

import { DeviceNames } from "./device-names.ts";
import type { HostAddresses, HostId } from "./host.ts";

/** What a request said of a host. */
export interface Contact {
  readonly host: HostId;
  readonly atMs: number;
  readonly device: string;
  /** `by-hand`: a person changed the addresses, and no device was heard. */
  readonly kind: "change" | "repeat" | "refusal" | "by-hand";
  /** Of a change: what the host has now. */
  readonly addresses?: HostAddresses;
}

/** When a host was heard last, by whom, and what is learnt of its rhythm: a mean gap out of so many. */
export interface Heard {
  readonly host: HostId;
  readonly atMs: number;
  readonly device: string;
  readonly gapMinutes: number;
  readonly gaps: number;
}

/** What is new since the last batch. */
export interface ContactBatch {
  readonly heard: readonly Heard[];
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

/** One after the other, as if the store had taken `later` too: what changes nothing is left out. */
export function joinSpans(
  stored: readonly AddressSpan[],
  later: readonly AddressSpan[],
): readonly AddressSpan[] {
  const joined = [...stored];
  for (const span of later) {
    const before = joined.findLast(({ family }) => family === span.family);
    if (!isSameAddress(before?.address, span.address)) joined.push(span);
  }
  return joined;
}

export function isSameAddress(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(a, b) === 0;
}

const dayMs = 86_400_000;
/** Entries that wait for the next batch; above it single contacts are left out, which the next one makes good. */
const waitingMax = 50_000;
/** The rhythm is believed after so many gaps. */
const gapsMin = 3;
/** How much the newest gap counts in the mean. */
const newestShare = 0.2;
/** A gap of a host whose rhythm is known counts up to three times that, and at least up to this. */
const gapMinutesBelieved = 15;
const hourMs = 3_600_000;

export class Contacts {
  /** By host id; 0: never. */
  #heardAtMs = new Float64Array(1_024);
  /** Index into `#devices`; 0: nobody. */
  #deviceOf = new Uint16Array(1_024);
  /** Mean gap between contacts, in minutes, and how many there were. */
  #gapMinutes = new Float32Array(1_024);
  #gaps = new Uint8Array(1_024);
  /** Hours of silence after which its owner is told, and one; 0: nobody set them. */
  #alertHours = new Uint16Array(1_024);
  readonly #devices = new DeviceNames();
  #waiting = new Map<HostId, { changes: number; contacts: number; refused: number; day: number }>();
  #spans: AddressSpan[] = [];
  /** Taken, and not known to be in the store. */
  #taken: ContactBatch | undefined;

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
    if (kind !== "by-hand") {
      if (counts !== undefined) counts.contacts++;
      this.#learn(host, atMs);
      this.#heardAtMs[host] = atMs;
      this.#deviceOf[host] = this.#devices.indexOf(device);
    }
    if (kind === "repeat") return;
    if (counts !== undefined) counts.changes++;
    if (addresses === undefined || this.#spans.length >= waitingMax) return;
    const { v4, v6 } = addresses;
    this.#spans.push({ host, family: 4, fromMs: atMs, address: v4 });
    this.#spans.push({ host, family: 6, fromMs: atMs, address: v6 });
  }

  /** What the store had when the program started. */
  restore({ host, atMs, device, gapMinutes, gaps }: Heard): void {
    this.#grow(host);
    if (this.#heardAtMs[host]! >= atMs) return;
    this.#heardAtMs[host] = atMs;
    this.#deviceOf[host] = this.#devices.indexOf(device);
    this.#gapMinutes[host] = gapMinutes;
    this.#gaps[host] = gaps;
  }

  /** Undefined: by its rhythm; 0: never. */
  setAlertHours(host: HostId, hours: number | undefined): void {
    this.#grow(host);
    this.#alertHours[host] = hours === undefined ? 0 : hours + 1;
  }

  /** Silence after which its owner is told; undefined: by its rhythm; 0: never. */
  alertMs(host: HostId): number | undefined {
    const set = this.#alertHours[host] ?? 0;
    return set === 0 ? undefined : (set - 1) * hourMs;
  }

  /** Undefined: never. */
  heardAtMs(host: HostId): number | undefined {
    return this.#heardAtMs[host] || undefined;
  }

  /** What it last called itself. */
  deviceOf(host: HostId): string {
    return this.#devices.at(this.#deviceOf[host] ?? 0);
  }

  /** Mean time between two contacts; undefined while it is not known well enough. */
  rhythmMs(host: HostId): number | undefined {
    if ((this.#gaps[host] ?? 0) < gapsMin) return undefined;
    return this.#gapMinutes[host]! * 60_000;
  }

  /** What is new. Until `settle` it counts as not in the store. */
  take(): ContactBatch | undefined {
    if (this.#waiting.size === 0) return undefined;
    const waiting = this.#waiting;
    const spans = this.#spans;
    this.#waiting = new Map();
    this.#spans = [];
    const hosts = [...waiting];
    this.#taken = {
      heard: hosts
        .filter(([, { contacts }]) => contacts > 0)
        .map(([host]) => ({
          host,
          atMs: this.#heardAtMs[host]!,
          device: this.deviceOf(host),
          gapMinutes: this.#gapMinutes[host]!,
          gaps: this.#gaps[host]!,
        })),
      days: hosts.map(([host, counts]) => ({ host, ...counts })),
      spans,
    };
    return this.#taken;
  }

  /** What was taken is in the store, or lost. */
  settle(): void {
    this.#taken = undefined;
  }

  /** Days of the host that the store does not have yet: to be added to what it has. */
  unwrittenDays(host: HostId): readonly DayCounts[] {
    const taken = this.#taken?.days.filter((day) => day.host === host) ?? [];
    const waiting = this.#waiting.get(host);
    return waiting === undefined ? taken : [...taken, { host, ...waiting }];
  }

  /** Spans of the host that the store does not have yet, in order of time; also of addresses that did not change. */
  unwrittenSpans(host: HostId): readonly AddressSpan[] {
    const taken = this.#taken?.spans ?? [];
    return [...taken, ...this.#spans].filter((span) => span.host === host);
  }

  #learn(host: HostId, atMs: number): void {
    const before = this.#heardAtMs[host]!;
    if (before === 0) return;
    const gaps = this.#gaps[host]!;
    const mean = this.#gapMinutes[host]!;
    // A silence is no rhythm: what a host does from now on shows that it has become slower.
    const most = gaps < gapsMin ? Infinity : Math.max(mean * 3, gapMinutesBelieved);
    const minutes = Math.min((atMs - before) / 60_000, most);
    this.#gapMinutes[host] = gaps === 0 ? minutes : mean + (minutes - mean) * newestShare;
    if (gaps < 255) this.#gaps[host] = gaps + 1;
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
    const alertHours = new Uint16Array(room);
    alertHours.set(this.#alertHours);
    this.#alertHours = alertHours;
  }
}
