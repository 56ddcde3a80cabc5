/** `nameward adapter test`: what would become of a request, from the rule to the octets of the reply. */

import { makeAdapter } from "./adapters/answer.ts";
import type { DeviceRequest } from "./adapters/device-request.ts";
import { printIntent, readIntent } from "./adapters/intent.ts";
import { LiveRules } from "./adapters/live-rules.ts";
import { makeMatchable } from "./adapters/matched-request.ts";
import { findMisses } from "./adapters/near-miss.ts";
import type { Rule } from "./adapters/rule.ts";
import { findRule } from "./adapters/rule-book.ts";
import type { MatchedRequest, RuleFound } from "./adapters/rule-book.ts";
import { rules as builtIn } from "./adapters/rules.ts";
import type { SeenRequest } from "./adapters/update-service.ts";
import { addressFromOctets, parseAddress } from "./base/address.ts";
import type { Address } from "./base/address.ts";
import { readAdapterDocument, readAdapterFiles, someCaller } from "./cli/adapter-document.ts";
import { Refused, command, refused } from "./cli/command.ts";
import type { Json, Outcome } from "./cli/command.ts";
import type { Io } from "./cli/io.ts";
import { printColumns } from "./cli/print-columns.ts";
import { readTextInput } from "./cli/read-text-input.ts";
import { readRecorded } from "./cli/recorded-request.ts";
import { printMistake } from "./config/mistake.ts";
import type { Mistake } from "./config/mistake.ts";
import type { HostAddresses } from "./core/host.ts";
import type { Receipt } from "./core/receipt.ts";
import type { UpdateOutcome } from "./core/update.ts";
import { printReply } from "./devices/print-reply.ts";
import { openDryService } from "./dry-service.ts";
import type { DryService } from "./dry-service.ts";

export const adapterTest = command({
  words: "adapter test",
  summary:
    "Say what would become of a request: rule, meaning, decision and reply. Nothing is changed.",
  arguments: ["FILE"],
  flags: {
    rule: { value: "FILE", doc: "With this rule in force, which need not be kept." },
    from: { value: "ADDRESS", doc: "The address of the caller; 198.51.100.1 when left out." },
  },
  settings: ["adapterFiles"],
  notes: [
    "FILE, or - for standard input, holds a request as a device sends it, a curl command line or a URL.",
    "It needs no running server; hosts and logins are those of the data folder.",
  ],
  example:
    "echo 'http://cam:secret@dyn.example.net/nic/update?hostname=cam1.dyn.example.net' | nameward adapter test -",
  async run({ arguments: [file = ""], flags, reading, io, openStore }) {
    const peer = flags.from === undefined ? someCaller : parseAddress(flags.from);
    if (peer === undefined) {
      return refused(`${JSON.stringify(flags.from)} is no address.`, "Wanted: --from 192.0.2.7");
    }
    const request = await readRequestOf(file, peer, io);
    const given = flags.rule === undefined ? [] : [await readRuleOf(flags.rule, io)];
    const live = new LiveRules(builtIn, [...given, ...readFiles(reading.config.adapterFiles)]);
    await using store = await openStore();
    const dry = await openDryService(store, reading.config.data, (fact) => {
      if (fact.kind === "adapter") live.apply(fact.id, fact.adapter);
    });
    return tell(await tryRequest(request, live, dry));
  },
});

interface Tried {
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

async function tryRequest(
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

function tell(tried: Tried): Outcome {
  const { request, found, near, onTrial, login, reply, status, holdMs } = tried;
  const rule = found?.kind === "rule" ? found.rule : undefined;
  const intent =
    found?.kind === "rule"
      ? printIntent(readIntent(found.rule, request.headers, found.parameters))
      : undefined;
  const decisions = tried.receipts.map((receipt, at) => decisionOf(receipt, beforeOf(tried, at)));
  const json: Json = {
    rule: rule?.id ?? null,
    dialect: rule?.dialect ?? null,
    near,
    onTrial: onTrial.map((seen) => ({ rule: seen.rule, would: seen.would })),
    means: intent ?? null,
    login: login ?? null,
    decisions,
    reply: { status, holdMs, octets: reply },
  };
  const rows = [
    ["rule", rule === undefined ? noRuleWords(found) : `${rule.id}, answered as ${rule.dialect}`],
    ...near.slice(0, nearShown).map(({ id, why }) => ["near", `${id}: ${why}`]),
    ...onTrial.map((seen) => ["on trial", `${seen.rule}: would ${seen.would}`]),
    ...(intent === undefined ? [] : [["means", intent]]),
    ...(login === undefined ? [] : [["login", login]]),
    ...decisions.map((each) => ["decision", printDecision(each)]),
    ...(holdMs === 0 ? [] : [["held", `up to ${holdMs} ms`]]),
  ];
  return { kind: "done", text: `${printColumns(rows)}reply\n${printOctets(reply)}`, json };
}

/** Many rules share a path; the nearest stand first, and programs get them all. */
const nearShown = 8;

function noRuleWords(found: RuleFound | undefined): string {
  if (found === undefined) return "none: more parameters than are read";
  return found.kind === "wrong-method" ? "none for this method" : "none";
}

interface Decision {
  readonly host: string;
  readonly outcome: string;
  readonly before: readonly string[];
  readonly addresses: readonly string[];
  readonly note: string;
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

function printDecision({ host, outcome, before, addresses, note }: Decision): string {
  const moves = outcome === "changed" ? `${before.join(" ") || "no address"} -> ` : "";
  const words = [host, outcome, `${moves}${addresses.join(" ")}`, note];
  return words.filter((word) => word !== "").join("  ");
}

/** Octet for octet, a line end as it is written in programs. */
function printOctets(octets: string): string {
  return octets
    .split(/(?<=\n)/)
    .map((line) => `  ${line.replaceAll("\r", "\\r").replaceAll("\n", "\\n")}\n`)
    .join("");
}

async function readRequestOf(file: string, peer: Address, io: Io): Promise<DeviceRequest> {
  const recorded = readRecorded(await readTextInput(file, io), peer);
  if (recorded.kind === "request") return recorded.request;
  throw new Refused(refused(`The request is not understood: ${recorded.why}.`));
}

async function readRuleOf(file: string, io: Io): Promise<Rule> {
  const reading = readAdapterDocument(file, await readTextInput(file, io));
  if (reading.kind === "document") return reading.rule;
  throw new Refused(withMistakes(`The rule of ${file} has mistakes.`, reading.mistakes));
}

function readFiles(files: readonly string[]): readonly Rule[] {
  const read = readAdapterFiles(files);
  if ("rules" in read) return read.rules;
  throw new Refused(withMistakes("A file with a rule has mistakes.", read.mistakes));
}

function withMistakes(why: string, mistakes: readonly Mistake[]) {
  return { ...refused(why), details: mistakes.map(printMistake) };
}
