/** Why a rule does not match a request of its path: the conditions that do not hold, each tried alone. */

import type { Match, Rule } from "./rule.ts";
import { findRule, makeRuleBook } from "./rule-book.ts";
import type { MatchedRequest } from "./rule-book.ts";

/** Empty: it matches. Undefined: already the path is another. */
export function findMisses(rule: Rule, request: MatchedRequest): readonly string[] | undefined {
  const { methods, paths, ...conditions } = rule.match;
  const holds = (match: Partial<Match>): boolean => {
    const probe: Rule = {
      id: rule.id,
      match: { methods: [request.method], paths, ...match },
      operation: "detect-address",
      dialect: "checkip-plain",
    };
    return findRule(makeRuleBook([probe]), request).kind === "rule";
  };
  if (!holds({})) return undefined;
  const misses = holds({ methods }) ? [] : [`methods: ${methods.join(", ")}`];
  for (const [name, wanted] of Object.entries(conditions)) {
    if (wanted !== undefined && !holds({ [name]: wanted })) {
      misses.push(`${name}: ${wanted.map(printWanted).join(", ")}`);
    }
  }
  return misses;
}

function printWanted(wanted: string | number | object): string {
  if (typeof wanted !== "object") return String(wanted);
  if ("text" in wanted) return String(wanted.text);
  return Object.values(wanted).map(String).join(" ");
}
