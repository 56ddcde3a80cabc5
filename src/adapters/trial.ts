/** Rules on trial: a request that one of them matches is noted, and goes on as if the rule were not there. */

import type { Address } from "../base/address.ts";
import { cleanText } from "../observe/log-text.ts";
import type { DeviceReply } from "./device-request.ts";
import { printIntent, readIntent } from "./intent.ts";
import { findRule } from "./rule-book.ts";
import type { MatchedRequest, RuleBook } from "./rule-book.ts";
import type { Service } from "./update-service.ts";

/** Undefined: no rule on trial matches. Otherwise what notes the request once its reply is known. */
export function findTrial(
  trial: RuleBook,
  request: MatchedRequest,
  from: { readonly peer: Address; readonly userAgent: string },
  service: Service,
): ((reply: DeviceReply) => DeviceReply) | undefined {
  const found = findRule(trial, request);
  if (found.kind !== "rule") return undefined;
  const { rule, parameters } = found;
  const intent = readIntent(rule, request.headers, parameters);
  const hosts = intent.update?.kind === "mapped" ? intent.update.hosts : [];
  const would = printIntent(intent);
  return (reply) => {
    const answered = printAnswer(reply);
    service.note({ kind: "shadow", rule: rule.id, hosts, would, answered, ...from });
    return reply;
  };
}

const answerCharactersMax = 80;

function printAnswer({ status, body }: DeviceReply): string {
  const [line = ""] = body.trimStart().split("\n", 1);
  return cleanText(`${status} ${line}`.trim()).slice(0, answerCharactersMax);
}
