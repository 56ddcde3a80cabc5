/** The request lab: a rule and a request as text in, what would become of them out. Nothing is changed. */

import type { Lab, LabReading, RuleReading } from "./api/handlers/adapters.ts";
import { printIntent, readIntent } from "./adapters/intent.ts";
import { LiveRules } from "./adapters/live-rules.ts";
import { rules as builtIn } from "./adapters/rules.ts";
import { readAdapterDocument, readAdapterFiles, someCaller } from "./cli/adapter-document.ts";
import { readRecorded } from "./cli/recorded-request.ts";
import type { Config } from "./config/options.ts";
import { printMistake } from "./config/mistake.ts";
import { printYaml } from "./config/print-yaml.ts";
import type { StoredAdapter } from "./core/stored-adapter.ts";
import { openDryService } from "./dry-service.ts";
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

export async function tryOut(
  request: string,
  rule: string | undefined,
  { store, config }: { readonly store: Store; readonly config: Config },
): Promise<LabReading> {
  const recorded = readRecorded(request, someCaller);
  if (recorded.kind === "not-understood") return recorded;
  const given = rule === undefined ? undefined : readAdapterDocument(fileWord, rule);
  if (given?.kind === "mistakes") {
    return { kind: "mistakes", mistakes: given.mistakes.map(printMistake) };
  }
  const files = readAdapterFiles(config.adapterFiles);
  const live = new LiveRules(builtIn, [
    ...(given === undefined ? [] : [given.rule]),
    ...("rules" in files ? files.rules : []), // the service runs, so they could be read
  ]);
  const dry = await openDryService(store, config.data, (fact) => {
    if (fact.kind === "adapter") live.apply(fact.id, fact.adapter);
  });
  return { kind: "tried", lab: printLab(await tryRequest(recorded.request, live, dry)) };
}

const nearShown = 8;

function printLab(tried: Tried): Lab {
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
  return [
    means,
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
