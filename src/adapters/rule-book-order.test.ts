/** The compiled table finds what trying every rule in its order would find. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseAddress } from "../base/address.ts";
import { isMatch } from "./is-match.ts";
import { parseParameters } from "./parameters.ts";
import type { Parameter } from "./parameters.ts";
import { findRule, makeRuleBook } from "./rule-book.ts";
import type { MatchedRequest, RuleFound } from "./rule-book.ts";
import type { Rule } from "./rule.ts";
import { rules as builtIn } from "./rules.ts";
import { cutScriptSuffix, cutSegmentSuffix, parseTarget, splitSegments } from "./target.ts";

/** In no octet of a request. */
const between = "\u2028";

/** A path of a rule as one pattern over the segments of a path. */
function makePattern(path: string): RegExp {
  const parts = path.split("/").slice(1);
  const written = parts.map((part) => {
    if (part.endsWith("*}")) return "(.+)";
    return part.startsWith("{") ? `([^${between}]+)` : part.replaceAll(/[^a-z0-9]/g, "\\$&");
  });
  return new RegExp(`^${written.join(between)}$`, "is");
}

function tryAll(rules: readonly Rule[], request: MatchedRequest): RuleFound {
  const segments = splitSegments(request.writtenPath);
  const whole = tryPath(rules, request, request.path, segments);
  if (whole.kind !== "no-rule") return whole;
  const bare = cutScriptSuffix(request.path);
  return bare === request.path ? whole : tryPath(rules, request, bare, cutSegmentSuffix(segments));
}

function tryPath(
  rules: readonly Rule[],
  request: MatchedRequest,
  path: string,
  segments: readonly string[],
): RuleFound {
  let found: RuleFound = { kind: "no-rule" };
  for (const rule of rules) {
    for (const wanted of rule.match.paths) {
      const ofPath = fit(wanted, path, segments);
      if (ofPath === undefined) continue;
      const parameters = [...ofPath, ...request.parameters];
      if (!isMatch(rule.match, { ...request, parameters })) continue;
      if (rule.match.methods.includes(request.method)) return { kind: "rule", rule, parameters };
      found = { kind: "wrong-method" };
    }
  }
  return found;
}

function fit(
  wanted: string,
  path: string,
  segments: readonly string[],
): readonly Parameter[] | undefined {
  if (!wanted.includes("{")) return wanted === path ? [] : undefined;
  const parts = makePattern(wanted).exec(segments.join(between));
  if (parts === null) return undefined;
  const keys = [...wanted.matchAll(/\{([^}*]+)\*?\}/g)].map((match) => `{${match[1]}}`);
  return keys.map((key, at) => {
    const value = parts[at + 1]!.replaceAll(between, "/");
    return { key, value, raw: `${key}=${value}` };
  });
}

const word = fc.constantFrom("a", "b", "nic", "update", "u.php", "default.aspx");
const rulePath = fc
  .tuple(
    fc.array(fc.oneof(word, fc.constantFrom("{x}", "{y}")), { maxLength: 3 }),
    fc.constantFrom("", "/{rest*}"),
  )
  .map(([parts, end]) => `${parts.map((part) => `/${part}`).join("")}${end}` || "/");

const condition = fc.record(
  {
    keys: fc.constant(["k"]),
    absentKeys: fc.constant(["l"]),
    values: fc.constant([{ key: "{x}", oneOf: ["a", "update"] }]),
  },
  { requiredKeys: [] },
);

const ruleTable = fc
  .array(
    fc.record({
      paths: fc.array(rulePath, { minLength: 1, maxLength: 2 }),
      methods: fc.constantFrom(["GET"], ["POST"], ["GET", "POST"]),
      condition,
    }),
    { maxLength: 12 },
  )
  .map((table) =>
    table.map(({ paths, methods, condition: more }, at): Rule => ({
      id: `rule-${at}`,
      match: { methods, paths, ...more },
      operation: "detect-address",
      dialect: "checkip-plain",
    })),
  );

const segment = fc.oneof(
  word,
  fc.constantFrom("A", "NIC", "%61", "a%2Fb", "%2f", "x.PHP", "%zz", "", "\\", "\xe9", "{x}"),
);
const target = fc
  .tuple(
    fc.array(segment, { maxLength: 5 }),
    fc.constantFrom("", "?k", "?k&l", "?l", "?{x}=a", "?k&%7by%7d=a"),
  )
  .map(([parts, query]) => `/${parts.join("/")}${query}`);

function request(written: string, method: string): MatchedRequest {
  const { path, writtenPath, query } = parseTarget(written, false);
  return {
    method,
    path,
    writtenPath,
    host: "",
    headers: new Map(),
    parameters: parseParameters(query, undefined, "")!,
    peer: parseAddress("198.51.100.9")!,
    port: 80,
  };
}

/** A table and a request for which `make` finds something else than the whole table tried in order. */
function findDifference(make: (rules: readonly Rule[]) => ReturnType<typeof makeRuleBook>) {
  const found = { rule: 0, "wrong-method": 0, "no-rule": 0 };
  const details = fc.check(
    fc.property(
      ruleTable,
      fc.array(target, { minLength: 1, maxLength: 8 }),
      fc.constantFrom("GET", "POST"),
      (rules, targets, method) => {
        const book = make(rules);
        for (const written of targets) {
          const asked = request(written, method);
          const expected = tryAll(rules, asked);
          found[expected.kind]++;
          expect(findRule(book, asked)).toEqual(expected);
        }
      },
    ),
    { numRuns: 1_500, seed: 20_240_611 },
  );
  return { found, difference: details.failed ? details.counterexample : undefined };
}

test("the first rule that matches is found, with the segments that it names", () => {
  const { found, difference } = findDifference(makeRuleBook);
  expect(difference).toBeUndefined();
  for (const count of Object.values(found)) expect(count).toBeGreaterThan(100);
});

test("a table in another order would be found", () => {
  const { difference } = findDifference((rules) => makeRuleBook(rules.toReversed()));
  expect(difference).toBeDefined();
});

test("so are the rules that we have, by every path they name", () => {
  const book = makeRuleBook(builtIn);
  const paths = new Set(builtIn.flatMap(({ match }) => match.paths));
  expect(paths.size).toBeGreaterThanOrEqual(15);
  const keys = new Set(
    builtIn.flatMap(({ match }) => [...(match.keys ?? []), ...(match.anyKeys ?? [])]),
  );
  const queries = ["", ...keys].map((key) => (key === "" ? "" : `?${key}=x`));
  for (const path of paths) {
    const written = path.replaceAll(/\{[^}]+\}/g, "aB");
    for (const suffix of ["", ".php", "/default.aspx", "/x"]) {
      for (const query of queries) {
        const asked = request(`${written}${suffix}${query}`, "GET");
        expect(findRule(book, asked)).toEqual(tryAll(builtIn, asked));
      }
    }
  }
});
