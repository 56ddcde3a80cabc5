/** The request lab: a rule and a request as text in, what would become of them out. Nothing is changed. */

import type { Lab, LabReading, Proposal, RuleReading } from "./api/handlers/adapters.ts";
import type { DeviceRequest } from "./adapters/device-request.ts";
import { printIntent, readIntent } from "./adapters/intent.ts";
import type { Acquaintances } from "./adapters/learn/guess-roles.ts";
import { learn } from "./adapters/learn/unmatched-sample.ts";
import { LiveRules } from "./adapters/live-rules.ts";
import { rules as builtIn } from "./adapters/rules.ts";
import { readAdapterDocument, readAdapterFiles, someCaller } from "./cli/adapter-document.ts";
import { proposeAdapter } from "./cli/propose-adapter.ts";
import { readRecorded } from "./cli/recorded-request.ts";
import type { Config } from "./config/options.ts";
import { printMistake } from "./config/mistake.ts";
import { printYaml } from "./config/print-yaml.ts";
import type { StoredAdapter } from "./core/stored-adapter.ts";
import { openDryService } from "./dry-service.ts";
import type { DryService } from "./dry-service.ts";
import type { Store } from "./store/store.ts";
import { decisionsOf, printDecision, tryRequest } from "./try-request.ts";
import type { Tried } from "./try-request.ts";

/** Stands for a file in messages: `rule:3:5: …`. */
const fileWord = "rule";

export function readRule(text: string): RuleReading {
  const reading = readAdapterDocument(fileWord, text);
  if (reading.kind === "mistakes") {
    return { kind: "mistakes", mistakes: reading.mistakes.map(printMistake) };
  }
  const { rule, requests } = reading.document;
  return {
    kind: "rule",
    id: rule.id,
    rule: JSON.stringify(rule),
    requests: JSON.stringify(requests),
  };
}

/** As it was given, or could have been. */
export function printRule({ rule, requests }: StoredAdapter): string {
  const written = JSON.parse(rule) as Readonly<Record<string, unknown>>; // only a rule that was checked is kept
  return printYaml({ ...written, requests: JSON.parse(requests) as unknown });
}

/** An empty request: the first that the rule was recorded from. */
export async function tryOut(
  text: string,
  rule: string | undefined,
  parts: LabParts,
): Promise<LabReading> {
  const { store, config } = parts;
  const given = rule === undefined ? undefined : readAdapterDocument(fileWord, rule);
  if (given?.kind === "mistakes") {
    return { kind: "mistakes", mistakes: given.mistakes.map(printMistake) };
  }
  const recorded = text.trim() === "" ? (given?.document.requests[0] ?? null) : null;
  const reading = readRecorded(recorded ?? text, someCaller);
  if (reading.kind === "not-understood") return reading;
  const { request } = reading;
  const files = readAdapterFiles(config.adapterFiles);
  const live = new LiveRules(builtIn, [
    ...(given === undefined ? [] : [given.rule]),
    ...("rules" in files ? files.rules : []), // the service runs, so they could be read
  ]);
  const tried = await tryRequest(request, live, await openDry(live, store, config));
  const answered = given === undefined ? null : await answerToday(request, files, parts);
  return { kind: "tried", lab: { recorded, ...printLab(tried), answered } };
}

/** Without the rule that is tried, over a service of its own: the trial may have changed what is in memory. */
async function answerToday(
  request: DeviceRequest,
  files: ReturnType<typeof readAdapterFiles>,
  { store, config }: LabParts,
): Promise<string> {
  const live = new LiveRules(builtIn, "rules" in files ? files.rules : []);
  return (await tryRequest(request, live, await openDry(live, store, config))).reply;
}

function openDry(live: LiveRules, store: Store, { data }: Config): Promise<DryService> {
  return openDryService(store, data, (fact) => {
    if (fact.kind === "adapter") live.apply(fact.id, fact.adapter);
  });
}

/** What the learner makes of a request that a person has: as of one that knocked. */
export function proposeFor(text: string, known: Acquaintances): Proposal {
  const recorded = readRecorded(text, someCaller);
  if (recorded.kind === "not-understood") return recorded;
  const learned = learn(recorded.request, known);
  if (learned === undefined) return { kind: "not-understood", why: "it has nothing to learn from" };
  const { shape, sample } = learned;
  const times = { requests: 1, firstAtMs: 0, lastAtMs: 0 };
  const seen = { id: 0, shape, sample: JSON.stringify(sample), ...times };
  return { kind: "rule", rule: proposeAdapter(seen).text };
}

interface LabParts {
  readonly store: Store;
  readonly config: Config;
}

const nearShown = 8;

function printLab(tried: Tried): Omit<Lab, "answered" | "recorded"> {
  const { request, found, near, onTrial, login, reply, holdMs } = tried;
  const rule = found?.kind === "rule" ? found.rule : undefined;
  const mapping = [
    ...(rule === undefined ? [] : [{ what: "dialect", value: rule.dialect }]),
    ...(found?.kind === "rule"
      ? mapOf(readIntent(found.rule, request.headers, found.parameters))
      : []),
    ...(login === undefined ? [] : [{ what: "login", value: login }]),
    ...onTrial.map((seen) => ({ what: `on trial: ${seen.rule}`, value: seen.would })),
    ...(holdMs === 0 ? [] : [{ what: "held", value: `up to ${holdMs} ms` }]),
  ];
  const decisions = decisionsOf(tried).map(printDecision);
  return {
    rule: rule?.id ?? null,
    near: near.slice(0, nearShown).map(({ id, why }) => ({ rule: id, why })),
    mapping,
    decision: decisions.join("\n") || noDecision(found),
    reply,
  };
}

function mapOf(intent: ReturnType<typeof readIntent>): Lab["mapping"] {
  const means = { what: "means", value: printIntent(intent) };
  if (intent.update?.kind !== "mapped") return [means];
  const { hosts, addresses, prefix } = intent.update;
  const { credential } = intent;
  const presented = credential.kind === "credential" ? credential.credential : undefined;
  const isNamed = presented !== undefined && "username" in presented;
  return [
    means,
    ...(isNamed ? [{ what: "user", value: presented.username }] : []),
    ...(presented === undefined ? [] : [{ what: "secret", value: "(masked)" }]),
    ...hosts.map((value) => ({ what: "host", value })),
    ...addresses.map((value) => ({ what: "address", value })),
    ...(prefix === undefined ? [] : [{ what: "prefix", value: prefix }]),
  ];
}

function noDecision(found: Tried["found"]): string {
  if (found === undefined) return "No rule: it has more parameters than are read.";
  if (found.kind === "rule") return "Nothing is decided: it asks for no change.";
  return found.kind === "wrong-method" ? "No rule for this method." : "No rule matches.";
}
