/** Many update clients in virtual time: what all of them send to their service. */

import {
  decide,
  minuteMs,
  next,
  pollAfterMs,
  resendAfterMs,
  startTrack,
  whatToRemember,
} from "../src/client/decide.ts";
import type { Moment, Remembered, Rules, Track } from "../src/client/decide.ts";
import type { HostAnswer } from "../src/client/speak/service.ts";

export interface FleetPlan {
  readonly clients: number;
  readonly days: number;
  /** On average, between two addresses of a line. */
  readonly addressDays: number;
  /** On average, between two starts of a client. */
  readonly rebootDays: number;
  /** When the service answers nothing; in order. */
  readonly outages: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly seed: number;
  /** When the fleet is switched on: spread over this time. */
  readonly startSpreadMs: number;
  /** For a control: clients that all wait as long as they must, and no longer. */
  readonly hasJitter?: false;
}

export interface FleetResult {
  /** Requests to the service, those to a service that is out included. */
  readonly sent: number;
  readonly changes: number;
  readonly reboots: number;
  /** Those that a client had to send: a change or a start. */
  readonly needless: number;
  /** By minute. */
  readonly sentByMinute: Uint32Array;
  /** From the change to its acceptance, of those that met no outage. */
  readonly delaysMs: Float64Array;
  /** Clients whose address the service does not have at the end, though it moved more than an hour before. */
  readonly stale: number;
}

const dayMs = 24 * 60 * minuteMs;
const pollMs = 5 * minuteMs;
const replyMs = 200;
const rules: Rules = { next, resendAfterMs };

interface Client {
  track: Track;
  memory: Remembered | undefined;
  address: number;
  changedAtMs: number;
  metOutage: boolean;
  known: number;
  nextChangeMs: number;
  nextRebootMs: number;
}

/** Runs the plan. Each client's clock is its own; nothing is shared but the service's hours. */
export function runFleet(plan: FleetPlan): FleetResult {
  const chance = makeChance(plan.seed);
  const endMs = plan.days * dayMs;
  const clients: Client[] = [];
  const events = new EventHeap(plan.clients);
  const sentByMinute = new Uint32Array(Math.ceil(endMs / minuteMs) + 1);
  const delays: number[] = [];
  let [sent, changes, reboots, needless] = [0, 0, 0, 0];

  const isOut = (atMs: number): boolean =>
    plan.outages.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
  const jitter = plan.hasJitter === false ? (): number => 0 : chance;
  const after = (meanDays: number): number => -Math.log(1 - chance()) * meanDays * dayMs;

  for (let i = 0; i < plan.clients; i++) {
    const startMs = chance() * plan.startSpreadMs;
    clients.push({
      track: startTrack(undefined, momentOf(startMs)),
      memory: undefined,
      address: 0,
      changedAtMs: startMs,
      metOutage: true, // the first start is no change
      known: -1,
      nextChangeMs: startMs + after(plan.addressDays),
      nextRebootMs: startMs + after(plan.rebootDays),
    });
    events.push(startMs, i);
  }

  /** Sends, and takes the answer in. The address may not move within the moment that takes. */
  const act = (client: Client, now: Moment, first: ReturnType<typeof decide>): number => {
    let waitUntilMs = Infinity;
    let decision = first;
    for (;;) {
      client.track = decision.track;
      let isSending = false;
      for (const action of decision.actions) {
        if (action.kind === "send") isSending = true;
        if (action.kind === "wait") waitUntilMs = action.untilMonotonicMs;
        if (action.kind === "remember") client.memory = whatToRemember(client.track, now);
      }
      if (!isSending) return waitUntilMs;
      const atMs = now.monotonicMs;
      sent++;
      sentByMinute[Math.floor(atMs / minuteMs)]!++;
      const isFailed = isOut(atMs);
      if (isFailed) client.metOutage = true;
      const answer: HostAnswer = isFailed
        ? { kind: "failed", why: "no answer", waitMs: undefined }
        : { kind: client.known === client.address ? "unchanged" : "accepted" };
      if (!isFailed) {
        if (client.known === client.address) needless++;
        else if (!client.metOutage) delays.push(atMs + replyMs - client.changedAtMs);
        client.known = client.address;
      }
      decision = decide(client.track, { kind: "answered", answer }, now, rules, jitter);
    }
  };

  for (let event = events.pop(); event !== undefined; event = events.pop()) {
    const { atMs, what: i } = event;
    if (atMs >= endMs) break;
    const client = clients[i]!;
    const now = momentOf(atMs);
    while (client.nextChangeMs <= atMs) {
      client.changedAtMs = client.nextChangeMs;
      client.metOutage = isOut(client.changedAtMs);
      client.nextChangeMs += after(plan.addressDays);
      client.address++;
      changes++;
    }
    if (client.nextRebootMs <= atMs) {
      client.nextRebootMs = atMs + after(plan.rebootDays);
      client.track = startTrack(client.memory, now);
      reboots++;
    }
    const input = { kind: "detected", address: String(client.address) } as const;
    const waitMs = act(client, now, decide(client.track, input, now, rules, chance));
    let pollAtMs = atMs + pollAfterMs(pollMs, chance);
    // Looks that find nothing new change nothing (`same` in the table): only their times are drawn.
    if (client.track.state === "watching") {
      const agedAtMs = (client.track.accepted?.atMs ?? 0) + rules.resendAfterMs;
      const newsAtMs = Math.min(client.nextChangeMs, client.nextRebootMs, agedAtMs);
      while (pollAtMs < newsAtMs) pollAtMs += pollAfterMs(pollMs, chance);
    }
    events.push(Math.min(pollAtMs, Math.max(atMs + 1, waitMs)), i);
  }
  const stale = clients.filter(
    (client) => client.known !== client.address && endMs - client.changedAtMs > 60 * minuteMs,
  ).length;
  return {
    sent,
    changes,
    reboots,
    needless,
    sentByMinute,
    stale,
    delaysMs: Float64Array.from(delays),
  };
}

/** The requests of the busiest minute at and after the outage, against those of a usual minute. */
export function herdRatio(
  { sentByMinute }: FleetResult,
  { fromMs, toMs }: FleetPlan["outages"][number],
): { readonly peak: number; readonly mean: number } {
  const [from, to] = [Math.floor(fromMs / minuteMs), Math.floor(toMs / minuteMs)];
  const before = sentByMinute.subarray(from - 24 * 60, from);
  const mean = before.reduce((sum, count) => sum + count, 0) / before.length;
  return { peak: Math.max(...sentByMinute.subarray(to, to + 120)), mean };
}

function momentOf(atMs: number): Moment {
  return { wallMs: atMs, monotonicMs: atMs };
}

/** xorshift32: a run can be repeated. */
export function makeChance(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** Times with what happens then, the earliest first. */
class EventHeap {
  readonly #atMs: Float64Array;
  readonly #what: Uint32Array;
  #count = 0;

  constructor(most: number) {
    this.#atMs = new Float64Array(most + 1);
    this.#what = new Uint32Array(most + 1);
  }

  push(atMs: number, what: number): void {
    let at = this.#count++;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.#atMs[above]! <= atMs) break;
      this.#atMs[at] = this.#atMs[above]!;
      this.#what[at] = this.#what[above]!;
      at = above;
    }
    this.#atMs[at] = atMs;
    this.#what[at] = what;
  }

  pop(): { readonly atMs: number; readonly what: number } | undefined {
    if (this.#count === 0) return undefined;
    const first = { atMs: this.#atMs[0]!, what: this.#what[0]! };
    const count = --this.#count;
    const [atMs, what] = [this.#atMs[count]!, this.#what[count]!];
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= count) break;
      if (below + 1 < count && this.#atMs[below + 1]! < this.#atMs[below]!) below++;
      if (this.#atMs[below]! >= atMs) break;
      this.#atMs[at] = this.#atMs[below]!;
      this.#what[at] = this.#what[below]!;
      at = below;
    }
    this.#atMs[at] = atMs;
    this.#what[at] = what;
    return first;
  }
}
