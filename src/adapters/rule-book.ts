/** The rules by path, compiled once: what a request means is found without trying every rule. */

import { isMatch } from "./is-match.ts";
import type { RequestTraits } from "./is-match.ts";
import type { Parameter } from "./parameters.ts";
import { firstText, parsePathPattern, readSegments } from "./path-pattern.ts";
import type { PathPattern } from "./path-pattern.ts";
import type { Rule } from "./rule.ts";
import { cutScriptSuffix, cutSegmentSuffix, splitSegments } from "./target.ts";

export interface RuleBook {
  /** By whole path: its rules, and those whose pattern may fit it as well, in the order of the table. */
  readonly byPath: ReadonlyMap<string, readonly Entry[]>;
  /** Rules with patterns, by the first segment, for paths that no rule names. */
  readonly byFirst: ReadonlyMap<string, readonly Entry[]>;
  /** Those whose pattern begins with any segment. */
  readonly withAnyFirst: readonly Entry[];
}

interface Entry {
  readonly rule: Rule;
  /** Undefined: its path is a text, and was found by it. */
  readonly pattern: PathPattern | undefined;
}

/** What rules look at. */
export interface MatchedRequest extends RequestTraits {
  readonly method: string;
  /** See `Target`. */
  readonly path: string;
  readonly writtenPath: string;
}

export type RuleFound =
  | {
      readonly kind: "rule";
      readonly rule: Rule;
      /** Those of the path, by `{name}`, before those of the request. */
      readonly parameters: readonly Parameter[];
    }
  /** A rule would match but for the method. */
  | { readonly kind: "wrong-method" }
  | { readonly kind: "no-rule" };

export function makeRuleBook(rules: readonly Rule[]): RuleBook {
  const paths = rules.flatMap((rule) =>
    rule.match.paths.map((path) => ({ path, entry: { rule, pattern: parsePathPattern(path) } })),
  );
  const mayFit = (first: string | undefined): readonly Entry[] =>
    paths
      .map(({ entry }) => entry)
      .filter(({ pattern }) => {
        if (pattern === undefined) return false;
        const text = firstText(pattern);
        return text === undefined || text === first;
      });

  const byPath = new Map<string, readonly Entry[]>();
  const byFirst = new Map<string, readonly Entry[]>();
  for (const { path, entry } of paths) {
    const first = entry.pattern === undefined ? firstOf(path) : firstText(entry.pattern);
    if (first !== undefined && !byFirst.has(first)) byFirst.set(first, mayFit(first));
    if (entry.pattern !== undefined || byPath.has(path)) continue;
    const patterns = new Set(mayFit(first));
    byPath.set(
      path,
      paths.filter((one) => one.path === path || patterns.has(one.entry)).map((one) => one.entry),
    );
  }
  return { byPath, byFirst, withAnyFirst: mayFit(undefined) };
}

/** A path is looked for as it is, then without its script suffix. */
export function findRule(book: RuleBook, request: MatchedRequest): RuleFound {
  const { path, writtenPath } = request;
  const exact = findAmong(entriesOf(book, path), request, () => splitSegments(writtenPath));
  if (exact.kind !== "no-rule") return exact;
  const bare = cutScriptSuffix(path);
  if (bare === path) return exact;
  return findAmong(entriesOf(book, bare), request, () =>
    cutSegmentSuffix(splitSegments(writtenPath)),
  );
}

function entriesOf(book: RuleBook, path: string): readonly Entry[] {
  return book.byPath.get(path) ?? book.byFirst.get(firstOf(path)) ?? book.withAnyFirst;
}

/** The first segment of a normalised path. */
function firstOf(path: string): string {
  const end = path.indexOf("/", 1);
  return end === -1 ? path.slice(1) : path.slice(1, end);
}

/** `split`: the segments of the path, asked for only where a pattern needs them. */
function findAmong(
  entries: readonly Entry[],
  request: MatchedRequest,
  split: () => readonly string[],
): RuleFound {
  let isOnlyMethodWrong = false;
  let segments: readonly string[] | undefined;
  for (const { rule, pattern } of entries) {
    let traits: RequestTraits = request;
    if (pattern !== undefined) {
      segments ??= split();
      const ofPath = readSegments(pattern, segments);
      if (ofPath === undefined) continue;
      traits = { ...request, parameters: [...ofPath, ...request.parameters] };
    }
    if (!isMatch(rule.match, traits)) continue;
    if (rule.match.methods.includes(request.method)) {
      return { kind: "rule", rule, parameters: traits.parameters };
    }
    isOnlyMethodWrong = true;
  }
  return isOnlyMethodWrong ? wrongMethod : noRule;
}

const noRule: RuleFound = { kind: "no-rule" };
const wrongMethod: RuleFound = { kind: "wrong-method" };
