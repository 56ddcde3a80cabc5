/** `nameward adapter test`: what would become of a request, from the rule to the octets of the reply. */

import type { DeviceRequest } from "./adapters/device-request.ts";
import { printIntent, readIntent } from "./adapters/intent.ts";
import { LiveRules } from "./adapters/live-rules.ts";
import type { Rule } from "./adapters/rule.ts";
import type { RuleFound } from "./adapters/rule-book.ts";
import { rules as builtIn } from "./adapters/rules.ts";
import { parseAddress } from "./base/address.ts";
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
import { openDryService } from "./dry-service.ts";
import { decisionsOf, printDecision, tryRequest } from "./try-request.ts";
import type { Tried } from "./try-request.ts";

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

function tell(tried: Tried): Outcome {
  const { request, found, near, onTrial, login, reply, status, holdMs } = tried;
  const rule = found?.kind === "rule" ? found.rule : undefined;
  const intent =
    found?.kind === "rule"
      ? printIntent(readIntent(found.rule, request.headers, found.parameters))
      : undefined;
  const decisions = decisionsOf(tried);
  const json: Json = {
    rule: rule?.id ?? null,
    dialect: rule?.dialect ?? null,
    near,
    onTrial: onTrial.map((seen) => ({ rule: seen.rule, would: seen.would })),
    means: intent ?? null,
    login: login ?? null,
    decisions: decisions.map((each) => ({ ...each })),
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
