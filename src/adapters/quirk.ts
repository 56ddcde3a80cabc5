/** What one client needs beside its dialect: who is meant, and what is bent for it on both sides of the dialect. */

import type { HostOutcome, UpdateOutcome } from "../core/update.ts";
import type { DeviceReply, DeviceStatus } from "./device-request.ts";
import type { UpdateDialect } from "./dialects.ts";
import type { ListOutcome } from "./dialects/mint-xml.ts";
import { isMatch } from "./is-match.ts";
import type { RequestTraits } from "./is-match.ts";
import type { Match, Rule } from "./rule.ts";

export interface Quirk {
  readonly id: string;
  /** The program that wants it, and how that is known. */
  readonly client: string;
  readonly reason: string;
  /** All that is given must hold. */
  readonly when: QuirkCondition;
  readonly effects: Effects;
}

export interface QuirkCondition extends Omit<Match, "methods" | "paths"> {
  /** Ids of rules. */
  readonly rules?: readonly string[];
  readonly dialects?: readonly UpdateDialect[];
  /** Normalised, whole. */
  readonly paths?: readonly string[];
}

export interface Effects {
  /** The client looks at nothing but the status: a refusal has one that says so, beside its word. */
  readonly strictStatus?: true;
  /** The client knows no word for an update that changes nothing: it is told that it changed something. */
  readonly goodForRepeats?: true;
  /** What is no success may wait so long, see `DeviceReply.holdMs`. */
  readonly holdErrorsMs?: number;
  /** The client passes over the first host of a list. */
  readonly repeatFirstHost?: true;
  /** The client takes this text for an error wherever it stands: addresses that hold it are left out of the reply. */
  readonly hideAddressesWith?: string;
}

/** What quirks look at. */
export interface QuirkTraits extends RequestTraits {
  readonly path: string;
}

export function findEffects(
  quirks: readonly Quirk[],
  rule: Rule,
  request: QuirkTraits,
): Effects | undefined {
  let effects: Effects | undefined;
  for (const quirk of quirks) {
    if (!isMeant(quirk.when, rule, request)) continue;
    effects = effects === undefined ? quirk.effects : { ...effects, ...quirk.effects };
  }
  return effects;
}

function isMeant(when: QuirkCondition, rule: Rule, request: QuirkTraits): boolean {
  if (when.rules !== undefined && !when.rules.includes(rule.id)) return false;
  if (when.paths !== undefined && !when.paths.includes(request.path)) return false;
  if (when.dialects !== undefined) {
    if (rule.operation !== "update" || !when.dialects.includes(rule.dialect)) return false;
  }
  return isMatch(when, request);
}

/** Before the dialect. What is kept and counted is what came to pass; this is only what is said. */
export function bendOutcome(outcome: UpdateOutcome, effects: Effects): UpdateOutcome {
  const { goodForRepeats, hideAddressesWith } = effects;
  if (outcome.kind !== "hosts") return outcome;
  let { hosts } = outcome;
  if (goodForRepeats === true) hosts = hosts.map(asChanged);
  if (hideAddressesWith !== undefined) hosts = hosts.map((one) => hide(one, hideAddressesWith));
  return { kind: "hosts", hosts };
}

function asChanged(outcome: HostOutcome): HostOutcome {
  return outcome.kind === "unchanged" ? { ...outcome, kind: "changed" } : outcome;
}

function hide(outcome: HostOutcome, text: string): HostOutcome {
  if (!isReached(outcome) || !outcome.addresses.join(",").includes(text)) return outcome;
  return { ...outcome, addresses: [] };
}

export function bendListing(outcome: ListOutcome, effects: Effects): ListOutcome {
  if (outcome.kind !== "hosts" || effects.repeatFirstHost !== true) return outcome;
  return { kind: "hosts", hosts: [...outcome.hosts.slice(0, 1), ...outcome.hosts] };
}

/** Behind the dialect. */
export function bendReply(
  reply: DeviceReply,
  outcome: UpdateOutcome,
  effects: Effects,
): DeviceReply {
  const refusal = findRefusal(outcome);
  if (refusal === undefined) return reply;
  const { strictStatus, holdErrorsMs } = effects;
  const status = strictStatus === true && reply.status === 200 ? strict[refusal] : reply.status;
  return { ...reply, status, ...(holdErrorsMs === undefined ? {} : { holdMs: holdErrorsMs }) };
}

type Refusal = Exclude<
  UpdateOutcome["kind"] | HostOutcome["kind"],
  "hosts" | "changed" | "unchanged"
>;

/** The first, where several hosts were asked for. */
function findRefusal(outcome: UpdateOutcome): Refusal | undefined {
  if (outcome.kind !== "hosts") return outcome.kind;
  for (const host of outcome.hosts) if (!isReached(host)) return host.kind;
  return undefined;
}

function isReached(
  outcome: HostOutcome,
): outcome is Extract<HostOutcome, { kind: "changed" | "unchanged" }> {
  return outcome.kind === "changed" || outcome.kind === "unchanged";
}

const strict: Readonly<Record<Refusal, DeviceStatus>> = {
  "no-credentials": 401,
  "bad-credentials": 401,
  "too-many-hosts": 400,
  "try-later": 503,
  "unknown-host": 404,
  "not-a-full-name": 400,
  "bad-address": 400,
  blocked: 403,
};
