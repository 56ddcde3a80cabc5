/** One profile while it runs: looks, sends, remembers. What to do is decided in `decide.ts`. */

import { parseAddress } from "../base/address.ts";
import type { Address } from "../base/address.ts";
import type { Clock } from "../base/clock.ts";
import { decide, next, pollAfterMs, whatToRemember } from "./decide.ts";
import type { Decision, Fraction, Input, Moment, Rules, Track } from "./decide.ts";
import type { Detected, Family, Source } from "./detect/source.ts";
import { addressOfHost } from "./hosts.ts";
import type { Host } from "./hosts.ts";
import type { Memory } from "./memory.ts";
import type { HostAnswer, Service, Update } from "./speak/service.ts";
import type { HostStatus } from "./status-file.ts";
import type { Tell } from "./tell.ts";

export interface ProfileParts {
  readonly name: string;
  readonly service: Service;
  /** A family without a source is left alone. */
  readonly sources: { readonly 4: Source | undefined; readonly 6: Source | undefined };
  readonly hosts: readonly Host[];
  readonly pollMs: number;
  readonly resendAfterMs: number;
  /** Everything that makes up the profile, for the fingerprint; it holds secrets. */
  readonly configuration: string;
}

export interface Surroundings {
  readonly clock: Clock;
  readonly fraction: Fraction;
  readonly memory: Memory;
  readonly tell: Tell;
  /** Called after each change of what `status` shows. */
  readonly onStatus: () => void;
  /** A host has another address than before. */
  readonly onChange: (host: string, family: Family, address: string) => void;
}

/** A source that has said nothing by then has failed; the slowest one asks twice within this time. */
const detectMsMax = 45_000;
/** Both families of a new line come within moments: one request carries them. */
const settleMs = 200;
/** A timer of the runtime counts no further. */
const timerMsMax = 2 ** 31 - 1;

/** One family of one host. */
interface Kept {
  readonly host: Host;
  readonly family: Family;
  track: Track;
  lastReply: { readonly atMs: number; readonly text: string } | undefined;
}

export class RunningProfile {
  readonly #parts: ProfileParts;
  readonly #around: Surroundings;
  readonly #rules: Rules;
  readonly #stop: AbortSignal;
  readonly #kept: readonly Kept[];
  readonly #pollTimers = new Map<Family, { timer: Timer; atMs: number }>();
  readonly #looking = new Map<Family, { isAskedAgain: boolean }>();
  readonly #outbox = new Map<Kept, string>();
  readonly #lastSaid = new Map<Family, string>();
  #settling: Timer | undefined;
  #sending: Promise<void> = Promise.resolve();

  constructor(
    parts: ProfileParts,
    begin: (remembered: ReturnType<Memory["recall"]>, now: Moment) => Track,
    around: Surroundings,
    stop: AbortSignal,
  ) {
    this.#parts = parts;
    this.#around = around;
    this.#stop = stop;
    this.#rules = { next, resendAfterMs: parts.resendAfterMs };
    const now = this.#now();
    this.#kept = parts.hosts.flatMap((host) =>
      this.#families()
        .filter((family) => family === 6 || host.identifier === undefined)
        .map((family) => {
          const remembered = around.memory.recall(
            { profile: parts.name, host: host.name, family },
            parts.configuration,
          );
          return { host, family, track: begin(remembered, now), lastReply: undefined };
        }),
    );
    for (const { host, family, track } of this.#kept) {
      if (track.state !== "halted") continue;
      const text = `${host.name} was refused with ${track.word}: nothing is sent until its configuration changes`;
      around.tell({ event: "refused", profile: parts.name, host: host.name, family, text });
    }
    stop.addEventListener("abort", () => this.#clearTimers());
  }

  /** Goes on until the signal is aborted. */
  start(): void {
    for (const family of this.#families()) void this.#lookAndGoOn(family);
  }

  /** Something may have changed: looks at once. */
  poke(): void {
    this.start();
  }

  /** One look and what follows from it; the answers of the service included. */
  async lookOnce(): Promise<readonly HostStatus[]> {
    await Promise.all(this.#families().map((family) => this.#look(family)));
    this.#flush();
    await this.#sending;
    return this.status();
  }

  /** Resolves when no request is under way. */
  async settled(): Promise<void> {
    await this.#sending;
  }

  status(): readonly HostStatus[] {
    return this.#kept.map(({ host, family, track, lastReply }) => ({
      profile: this.#parts.name,
      service: this.#parts.service.name,
      host: host.name,
      family,
      state: track.state,
      address: track.accepted?.address,
      acceptedAtMs: track.accepted?.atMs,
      detected: track.wanted,
      lastReply,
      nextCheckAtMs: this.#pollTimers.get(family)?.atMs,
    }));
  }

  #families(): readonly Family[] {
    return ([4, 6] as const).filter((family) => this.#parts.sources[family] !== undefined);
  }

  #now(): Moment {
    const { clock } = this.#around;
    return { wallMs: clock.now(), monotonicMs: clock.monotonicMs() };
  }

  /** A look that is asked for while one is under way follows it: its answer may already be old. */
  async #lookAndGoOn(family: Family): Promise<void> {
    const looking = this.#looking.get(family);
    if (looking !== undefined) {
      looking.isAskedAgain = true;
      return;
    }
    const look = { isAskedAgain: false };
    this.#looking.set(family, look);
    this.#schedule(family, pollAfterMs(this.#parts.pollMs, this.#around.fraction), "anew");
    await this.#look(family);
    this.#looking.delete(family);
    if (look.isAskedAgain && !this.#stop.aborted) void this.#lookAndGoOn(family);
  }

  async #look(family: Family): Promise<void> {
    const source = this.#parts.sources[family];
    if (source === undefined || this.#stop.aborted) return;
    const signal = AbortSignal.any([this.#stop, AbortSignal.timeout(detectMsMax)]);
    const detected = await source.detect(family, signal);
    if (this.#stop.aborted) return;
    this.#tellDetected(family, source, detected);
    if (detected.kind !== "address") return;
    for (const kept of this.#kept.filter((one) => one.family === family)) {
      const address = addressOfHost(kept.host, detected.address);
      if (address !== undefined) this.#decide(kept, { kind: "detected", address: address.text });
    }
    this.#around.onStatus();
  }

  /** Once, not at every look. */
  #tellDetected(family: Family, source: Source, detected: Detected): void {
    const isAddress = detected.kind === "address";
    const said = isAddress ? detected.address.text : detected.why;
    if (this.#lastSaid.get(family) === said) return;
    this.#lastSaid.set(family, said);
    const profile = this.#parts.name;
    if (isAddress) {
      const text = `the IPv${family} address is ${said} (${source.name})`;
      this.#around.tell({ event: "detected", profile, family, address: said, text });
    } else {
      const text = `no IPv${family} address: ${said} (${source.name})`;
      this.#around.tell({ event: "undetected", profile, family, text });
    }
  }

  #decide(kept: Kept, input: Input): void {
    const { clock, fraction, memory, tell } = this.#around;
    const decision: Decision = decide(kept.track, input, this.#now(), this.#rules, fraction);
    kept.track = decision.track;
    const { name: profile, configuration } = this.#parts;
    const { host, family } = kept;
    for (const action of decision.actions) {
      switch (action.kind) {
        case "send":
          this.#outbox.set(kept, action.address);
          this.#settling ??= setTimeout(() => this.#flush(), settleMs);
          break;
        case "wait":
          this.#schedule(family, action.untilMonotonicMs - clock.monotonicMs(), "if sooner");
          break;
        case "remember":
          memory.remember(
            { profile, host: host.name, family },
            whatToRemember(kept.track, this.#now()),
            configuration,
          );
          break;
        case "halt": {
          const text = `${host.name} is refused with ${action.word}: nothing is sent until its configuration changes`;
          tell({ event: "refused", profile, host: host.name, family, text });
          break;
        }
      }
    }
  }

  #schedule(family: Family, afterMs: number, how: "anew" | "if sooner"): void {
    if (this.#stop.aborted) return;
    const atMs = this.#around.clock.now() + afterMs;
    const before = this.#pollTimers.get(family);
    if (how === "if sooner" && before !== undefined && before.atMs <= atMs) return;
    clearTimeout(before?.timer);
    const delayMs = Math.min(Math.max(0, afterMs), timerMsMax);
    const timer = setTimeout(() => void this.#lookAndGoOn(family), delayMs);
    this.#pollTimers.set(family, { timer, atMs });
  }

  #flush(): void {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    const letters = [...this.#outbox];
    this.#outbox.clear();
    for (const request of groupRequests(letters, this.#parts.service.hostsMax)) {
      this.#sending = this.#sending.then(() => this.#send(request));
    }
  }

  async #send({ update, kept }: Request): Promise<void> {
    const { clock, memory, tell, onChange, onStatus } = this.#around;
    const { name: profile, service } = this.#parts;
    if (this.#stop.aborted) return;
    const answers = await service.send(update, this.#stop);
    if (this.#stop.aborted && answers.every((answer) => answer.kind === "failed")) return;
    const changed: [host: string, family: Family, address: string][] = [];
    for (const [i, ofHost] of kept.entries()) {
      const answer = answers[i] ?? noAnswer;
      for (const one of ofHost) {
        const before = one.track.accepted?.address;
        const address = one.track.sent!;
        one.lastReply = { atMs: clock.now(), text: describe(answer) };
        if (answer.kind !== "refused") {
          const { family, host } = one;
          const text = `${host.name} ${address}: ${describe(answer)}`;
          tell({ event: answer.kind, profile, host: host.name, family, address, text });
        }
        this.#decide(one, { kind: "answered", answer });
        const isGood = answer.kind === "accepted" || answer.kind === "unchanged";
        if (isGood && before !== address) changed.push([one.host.name, one.family, address]);
      }
    }
    memory.save();
    onStatus();
    for (const change of changed) onChange(...change);
  }

  #clearTimers(): void {
    for (const { timer } of this.#pollTimers.values()) clearTimeout(timer);
    this.#pollTimers.clear();
    clearTimeout(this.#settling);
  }
}

type Timer = ReturnType<typeof setTimeout>;

interface Request {
  readonly update: Update;
  /** By host of the update: the families that its answer is for. */
  readonly kept: readonly (readonly Kept[])[];
}

const noAnswer: HostAnswer = { kind: "failed", why: "no answer for this host", waitMs: undefined };

/** Hosts with the same addresses share a request, up to what the service takes. */
function groupRequests(letters: readonly (readonly [Kept, string])[], hostsMax: number): Request[] {
  const byHost = new Map<Host, { v4?: Address; v6?: Address; kept: Kept[] }>();
  for (const [kept, text] of letters) {
    const letter = byHost.get(kept.host) ?? { kept: [] };
    byHost.set(kept.host, letter);
    letter[kept.family === 4 ? "v4" : "v6"] = parseAddress(text)!;
    letter.kept.push(kept);
  }
  const byAddresses = Map.groupBy(
    byHost,
    ([, { v4, v6 }]) => `${v4?.text ?? ""} ${v6?.text ?? ""}`,
  );
  return [...byAddresses.values()].flatMap((alike) => {
    const requests: Request[] = [];
    for (let at = 0; at < alike.length; at += hostsMax) {
      const part = alike.slice(at, at + hostsMax);
      const { v4, v6 } = part[0]![1];
      requests.push({
        update: { hosts: part.map(([host]) => host.name), v4, v6 },
        kept: part.map(([, letter]) => letter.kept),
      });
    }
    return requests;
  });
}

function describe(answer: HostAnswer): string {
  switch (answer.kind) {
    case "accepted":
      return "accepted";
    case "unchanged":
      return "the service had it already";
    case "refused":
      return `refused: ${answer.word}`;
    case "failed":
      return `failed: ${answer.why}`;
  }
}
