/** A rule of the operator from YAML or JSON: read, checked, and held against the requests it was recorded from. */

import { hasSubstance, readIntent } from "../adapters/intent.ts";
import { makeMatchable } from "../adapters/matched-request.ts";
import { findMisses } from "../adapters/near-miss.ts";
import type { Rule } from "../adapters/rule.ts";
import { findRule, makeRuleBook } from "../adapters/rule-book.ts";
import { makeRule, parseRuleDocument } from "../adapters/rule-schema.ts";
import type { RuleDocument, RuleFault } from "../adapters/rule-schema.ts";
import { rules } from "../adapters/rules.ts";
import { parseAddress } from "../base/address.ts";
import { readConfigText } from "../config/config-text.ts";
import type { FilePlace, Mistake } from "../config/mistake.ts";
import { readYamlTree } from "../config/yaml-tree.ts";
import type { YamlTree } from "../config/yaml-tree.ts";
import { readRecorded } from "./recorded-request.ts";

export type DocumentReading =
  | { readonly kind: "document"; readonly document: RuleDocument; readonly rule: Rule }
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] };

/** A caller from nowhere in particular (RFC 5737 §3). */
export const someCaller = parseAddress("198.51.100.1")!;

/** `file` is only for messages. */
export function readAdapterDocument(file: string, text: string): DocumentReading {
  const mistakes: Mistake[] = [];
  const tree = readYamlTree(file, text, mistakes);
  if (tree === undefined) return { kind: "mistakes", mistakes };
  const reading = parseRuleDocument(valueOf(tree), builtInIds);
  if (reading.kind === "faults") return refuse(reading.faults, tree);
  const { document } = reading;
  const rule = makeRule(document.rule);
  const faults = document.requests.flatMap((request, at): RuleFault[] => {
    const why = whyUnfit(rule, request);
    return why === undefined ? [] : [{ path: ["requests", at], what: why }];
  });
  return faults.length > 0 ? refuse(faults, tree) : { kind: "document", document, rule };
}

/** Rules of files, all mistakes at once. An id that comes twice is one. */
export function readAdapterFiles(
  files: readonly string[],
): { readonly rules: readonly Rule[] } | { readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  const found = new Map<string, Rule>();
  for (const file of files) {
    const text = readConfigText(file, mistakes);
    if (text === undefined) continue;
    const reading = readAdapterDocument(file, text);
    if (reading.kind === "mistakes") mistakes.push(...reading.mistakes);
    else if (!found.has(reading.rule.id)) found.set(reading.rule.id, reading.rule);
    else
      mistakes.push({
        place: wholeOf(file),
        what: `the id ${reading.rule.id} is taken by another file`,
        fix: undefined,
      });
  }
  return mistakes.length > 0 ? { mistakes } : { rules: [...found.values()] };
}

const builtInIds: ReadonlySet<string> = new Set(rules.map(({ id }) => id));

/** Why a recorded request is none of this rule: what does not hold, or that nothing is found in it. */
function whyUnfit(rule: Rule, text: string): string | undefined {
  const recorded = readRecorded(text, someCaller);
  if (recorded.kind === "not-understood") return `cannot be read: ${recorded.why}`;
  const matchable = makeMatchable(recorded.request);
  if (matchable === undefined) return "has more parameters than are read";
  const found = findRule(makeRuleBook([rule]), matchable.asked);
  if (found.kind !== "rule") {
    const misses = findMisses(rule, matchable.asked);
    const why = misses === undefined ? `its path is ${matchable.asked.path}` : misses.join("; ");
    return `the rule does not match it: ${why}`;
  }
  const intent = readIntent(rule, recorded.request.headers, found.parameters);
  return hasSubstance(intent) ? undefined : "the rule finds no host, address or credential in it";
}

/** Objects without a prototype's names in them: `__proto__` is a key like any other, and an unknown one. */
function valueOf(tree: YamlTree): unknown {
  switch (tree.kind) {
    case "text":
      return tree.text;
    case "list":
      return tree.items.map(valueOf);
    case "map":
      return Object.fromEntries(tree.pairs.map(({ name, value }) => [name, valueOf(value)]));
  }
}

function refuse(faults: readonly RuleFault[], tree: YamlTree): DocumentReading {
  const mistakes = faults.map(({ path, what }): Mistake => {
    const place = placeOf(tree, path);
    const where = path.length === 0 ? "" : `${path.join(".")}: `;
    return { place, what: `${where}${what}`, fix: undefined };
  });
  return { kind: "mistakes", mistakes };
}

/** Of the part, or of what it is missing in. */
function placeOf(tree: YamlTree, path: readonly (string | number)[]): FilePlace {
  const [next, ...rest] = path;
  if (next === undefined) return tree.place;
  if (tree.kind === "map") {
    const pair = tree.pairs.find(({ name }) => name === next);
    if (pair === undefined) return tree.place;
    return rest.length === 0 ? pair.namePlace : placeOf(pair.value, rest);
  }
  const item = tree.kind === "list" && typeof next === "number" ? tree.items[next] : undefined;
  return item === undefined ? tree.place : placeOf(item, rest);
}

function wholeOf(file: string): FilePlace {
  return { kind: "file", file, line: 0, column: 0, lineText: "", length: 0 };
}
