/** Tries a request: what rule it matches, what it means, what would be decided and what the reply would be. */

import { makeAdapter } from "./adapters/answer.ts";
import type { DeviceRequest } from "./adapters/device-request.ts";
import { readIntent } from "./adapters/intent.ts";
import type { LiveRules } from "./adapters/live-rules.ts";
import { makeMatchable } from "./adapters/matched-request.ts";
import { findMisses } from "./adapters/near-miss.ts";
import type { Rule } from "./adapters/rule.ts";
import { findRule } from "./adapters/rule-book.ts";
import type { MatchedRequest, RuleFound } from "./adapters/rule-book.ts";
import type { SeenRequest } from "./adapters/update-service.ts";
import { addressFromOctets } from "./base/address.ts";
import type { HostAddresses } from "./core/host.ts";
import type { Receipt } from "./core/receipt.ts";
import type { UpdateOutcome } from "./core/update.ts";
import { printReply } from "./devices/print-reply.ts";
import type { DryService } from "./dry-service.ts";

export interface Tried {
  readonly request: DeviceRequest;
  readonly found: RuleFound | undefined;
  /** Rules of the same path that do not match, and those that stand behind the one that does. */
  readonly near: readonly { readonly id: string; readonly why: string }[];
  readonly onTrial: readonly Extract<SeenRequest, { kind: "shadow" }>[];
  readonly outcomes: readonly UpdateOutcome[];
  readonly receipts: readonly Receipt[];
  readonly login: "right" | "wrong" | "unknown now" | undefined;
  readonly reply: string;
  readonly status: number;
  readonly holdMs: number;
}

export async function tryRequest(
  request: DeviceRequest,
  live: LiveRules,
  { service, receipts }: DryService,
): Promise<Tried> {
  const asked = makeMatchable(request)?.asked;
  const found = asked && findRule(live.book, asked);
  const onTrial: Tried["onTrial"][number][] = [];
  const outcomes: UpdateOutcome[] = [];
  const answer = makeAdapter(
    {
      ...service,
      note: (seen) => void (seen.kind === "shadow" && onTrial.push(seen)),
      async takeUpdate(update) {
        const outcome = await service.takeUpdate(update);
        outcomes.push(outcome);
        return outcome;
      },
    },
    live,
  );
  const reply = await answer(request);
  const near = asked === undefined ? [] : findNear(live.rules, asked, found);
  return {
    request,
    found,
    near,
    onTrial,
    outcomes,
    receipts,
    login: await checkLogin(request, found, service),
    reply: printReply(reply, request.method),
    status: reply.status,
    holdMs: reply.holdMs ?? 0,
  };
}

function findNear(rules: readonly Rule[], asked: MatchedRequest, found: RuleFound | undefined) {
  const winner = found?.kind === "rule" ? found.rule : undefined;
  const near = rules.flatMap((rule) => {
    const misses = rule === winner ? undefined : findMisses(rule, asked);
    if (misses === undefined) return [];
    const why = misses.length === 0 ? "matches, and stands behind" : `wants ${misses.join("; ")}`;
    return [{ id: rule.id, why, misses: misses.length }];
  });
  return near.toSorted((a, b) => a.misses - b.misses).map(({ id, why }) => ({ id, why }));
}

async function checkLogin(
  request: DeviceRequest,
  found: RuleFound | undefined,
  service: DryService["service"],
): Promise<Tried["login"]> {
  if (found?.kind !== "rule") return undefined;
  const { credential } = readIntent(found.rule, request.headers, found.parameters);
  if (credential.kind === "absent") return undefined;
  if (credential.kind === "malformed") return "wrong";
  const check = await service.checkCredential(credential.credential, request.peer);
  return ({ ok: "right", wrong: "wrong", "try-later": "unknown now" } as const)[check];
}

interface Decision {
  readonly host: string;
  readonly outcome: string;
  readonly before: readonly string[];
  readonly addresses: readonly string[];
  readonly note: string;
}

export function decisionsOf(tried: Tried): readonly Decision[] {
  return tried.receipts.map((receipt, at) => decisionOf(receipt, beforeOf(tried, at)));
}

function decisionOf(receipt: Receipt, before: HostAddresses | undefined) {
  const { asked, outcome, addresses, note } = receipt;
  return {
    host: asked,
    outcome,
    before: [before?.v4, before?.v6].flatMap((octets) =>
      octets === undefined ? [] : [addressFromOctets(octets.slice()).text],
    ),
    addresses: addresses === "" ? [] : addresses.split(","),
    note,
  };
}

/** Outcomes of hosts come in the order of their receipts, where one update was asked for. */
function beforeOf({ outcomes, receipts }: Tried, at: number): HostAddresses | undefined {
  const [only, ...others] = outcomes;
  if (only?.kind !== "hosts" || others.length > 0) return undefined;
  if (only.hosts.length !== receipts.length) return undefined;
  const outcome = only.hosts[at];
  return outcome !== undefined && "before" in outcome ? outcome.before : undefined;
}

export function printDecision({ host, outcome, before, addresses, note }: Decision): string {
  const moves = outcome === "changed" ? `${before.join(" ") || "no address"} -> ` : "";
  const words = [host, outcome, `${moves}${addresses.join(" ")}`, note];
  return words.filter((word) => word !== "").join("  ");
}
