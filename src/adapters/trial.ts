/** Rules on trial: a request that one of them matches is noted, and goes on as if the rule were not there. */

import { printIntent, readIntent } from "./intent.ts";
import { findRule } from "./rule-book.ts";
import type { MatchedRequest, RuleBook } from "./rule-book.ts";
import type { Address } from "../base/address.ts";
import type { Service } from "./update-service.ts";

export function noteTrial(
  trial: RuleBook,
  request: MatchedRequest,
  from: { readonly peer: Address; readonly userAgent: string },
  service: Service,
): void {
  const found = findRule(trial, request);
  if (found.kind !== "rule") return;
  const { rule, parameters } = found;
  const intent = readIntent(rule, request.headers, parameters);
  const hosts = intent.update?.kind === "mapped" ? intent.update.hosts : [];
  service.note({ kind: "shadow", rule: rule.id, hosts, would: printIntent(intent), ...from });
}
