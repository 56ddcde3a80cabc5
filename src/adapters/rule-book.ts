/** The rules by path, compiled once: what a request means is found without trying every rule. */

import { hasKey } from "./parameters.ts";
import type { Parameter } from "./parameters.ts";
import type { Match, Rule } from "./rule.ts";
import { cutScriptSuffix } from "./target.ts";

export type RuleBook = ReadonlyMap<string, readonly Rule[]>;

/** What rules look at. */
export interface MatchedRequest {
  readonly method: string;
  readonly path: string;
  /** Lower case, without port; empty when the request named none. */
  readonly host: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly parameters: readonly Parameter[];
}

export type RuleFound =
  | { readonly kind: "rule"; readonly rule: Rule }
  /** A rule would match but for the method. */
  | { readonly kind: "wrong-method" }
  | { readonly kind: "no-rule" };

export function makeRuleBook(rules: readonly Rule[]): RuleBook {
  const book = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const path of rule.match.paths) {
      const known = book.get(path);
      if (known === undefined) book.set(path, [rule]);
      else known.push(rule);
    }
  }
  return book;
}

/** A path is looked for as it is, then without its script suffix. */
export function findRule(book: RuleBook, request: MatchedRequest): RuleFound {
  const exact = findAmong(book.get(request.path), request);
  if (exact.kind !== "no-rule") return exact;
  const bare = cutScriptSuffix(request.path);
  return bare === request.path ? exact : findAmong(book.get(bare), request);
}

function findAmong(rules: readonly Rule[] | undefined, request: MatchedRequest): RuleFound {
  if (rules === undefined) return noRule;
  let isOnlyMethodWrong = false;
  for (const rule of rules) {
    if (!isMatch(rule.match, request)) continue;
    if (rule.match.methods.includes(request.method)) return { kind: "rule", rule };
    isOnlyMethodWrong = true;
  }
  return isOnlyMethodWrong ? wrongMethod : noRule;
}

function isMatch(match: Match, request: MatchedRequest): boolean {
  const { hosts, keys, absentKeys, headers } = match;
  if (hosts !== undefined && !hosts.some((pattern) => isLike(request.host, pattern))) return false;
  if (keys !== undefined && !keys.every((key) => hasKey(request.parameters, key))) return false;
  if (absentKeys?.some((key) => hasKey(request.parameters, key)) === true) return false;
  if (headers === undefined) return true;
  return headers.every(({ name, value }) => {
    const found = request.headers.get(name);
    return found !== undefined && (value === undefined || found.toLowerCase() === value);
  });
}

/** `*` stands for any text, at the ends of a pattern. */
function isLike(text: string, pattern: string): boolean {
  if (pattern.startsWith("*") && pattern.endsWith("*")) return text.includes(pattern.slice(1, -1));
  if (pattern.endsWith("*")) return text.startsWith(pattern.slice(0, -1));
  if (pattern.startsWith("*")) return text.endsWith(pattern.slice(1));
  return text === pattern;
}

const noRule: RuleFound = { kind: "no-rule" };
const wrongMethod: RuleFound = { kind: "wrong-method" };
