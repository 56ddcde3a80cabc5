/** Which built-in rule takes a request, found from its octets as a server finds it. */

import { parseParameters } from "../../src/adapters/parameters.ts";
import { findRule, makeRuleBook } from "../../src/adapters/rule-book.ts";
import { rules } from "../../src/adapters/rules.ts";
import { parseTarget } from "../../src/adapters/target.ts";
import { parseAddress } from "../../src/base/address.ts";
import { readRequest } from "../../src/devices/read-request.ts";

const book = makeRuleBook(rules);
const peer = parseAddress("127.0.0.1")!;

/** Undefined: none does. */
export function ruleOf(octets: string): string | undefined {
  const reading = readRequest(octets);
  if (reading.kind !== "request" && reading.kind !== "maybe-http09") return undefined;
  const { method, target: written, version, headers, body } = reading.request;
  const { path, writtenPath, authority, query } = parseTarget(written, version === "HTTP/0.9");
  const parameters = parseParameters(query, headers.get("content-type"), body);
  if (parameters === undefined) return undefined;
  const host = (headers.get("host") ?? authority ?? "").toLowerCase().replace(/:\d*$/, "");
  const asked = { method, path, writtenPath, host, headers, parameters, peer, port: 80 };
  const found = findRule(book, asked);
  return found.kind === "rule" ? found.rule.id : undefined;
}
