/** The adapter engine: request, rule, operation, outcome, dialect, reply. */

import { unreachable } from "../base/assert.ts";
import type { Credential } from "../core/login.ts";
import type { UpdateOutcome } from "../core/update.ts";
import { makePresented, parseBasic } from "./credential.ts";
import type { Presented } from "./credential.ts";
import type { DeviceReply, DeviceRequest } from "./device-request.ts";
import { addressDialects, listDialects, updateDialects, userDialects } from "./dialects.ts";
import { badRequest, unknownPath } from "./dialects/plain-text.ts";
import type { ListOutcome } from "./dialects/mint-xml.ts";
import type { UserOutcome } from "./dialects/mint-user.ts";
import { parseParameters } from "./parameters.ts";
import type { Parameter } from "./parameters.ts";
import type { CheckUserRule, CredentialMapping, ListHostsRule, Rule, UpdateRule } from "./rule.ts";
import { findRule, makeRuleBook } from "./rule-book.ts";
import { rules as builtIn } from "./rules.ts";
import type { Service } from "./update-service.ts";
import { parseTarget } from "./target.ts";
import { mapUpdate } from "./update-mapping.ts";

/** Answers at once, without a promise, where the service does. */
export type Adapter = (request: DeviceRequest) => Answer;

type Answer = DeviceReply | Promise<DeviceReply>;

/** Receipts keep this much of a `User-Agent`. */
export const userAgentCharactersMax = 255;

export function makeAdapter(service: Service, rules: readonly Rule[] = builtIn): Adapter {
  const book = makeRuleBook(rules);

  return (request) => {
    const target = parseTarget(request.target, request.version === "HTTP/0.9");
    const { headers, method } = request;
    const parameters = parseParameters(target.query, headers.get("content-type"), request.body);
    if (parameters === undefined) return badRequest;

    const host = printHost(headers.get("host") ?? target.authority ?? "");
    const found = findRule(book, { method, path: target.path, host, headers, parameters });
    switch (found.kind) {
      case "no-rule":
        return unknownPath;
      case "wrong-method":
        // Not 405: for inadyn that is the end, and no device sends another method than its own.
        return badRequest;
      case "rule":
        break;
      default:
        return unreachable(found);
    }

    const { rule } = found;
    switch (rule.operation) {
      case "update":
        return update(service, rule, request, parameters);
      case "check-user":
        return checkUser(service, rule, request, parameters);
      case "list-hosts":
        return listHosts(service, rule, request, parameters);
      case "detect-address":
        return addressDialects[rule.dialect](request.peer);
      default:
        return unreachable(rule);
    }
  };
}

function update(
  service: Service,
  rule: UpdateRule,
  request: DeviceRequest,
  parameters: readonly Parameter[],
): Answer {
  const print: (outcome: UpdateOutcome) => DeviceReply = updateDialects[rule.dialect];
  const presented = findCredential(request, rule.mapping.credential, parameters);
  if (presented.kind === "malformed") return print({ kind: "bad-credentials" });
  const mapped = mapUpdate(parameters, rule.mapping);
  if (mapped.kind === "too-many-addresses") return badRequest;

  const outcome = service.takeUpdate({
    credential: credentialOf(presented),
    hosts: mapped.hosts,
    addresses: mapped.addresses,
    offline: mapped.offline,
    peer: request.peer,
    adapter: rule.id,
    userAgent: (request.headers.get("user-agent") ?? "").slice(0, userAgentCharactersMax),
  });
  return outcome instanceof Promise ? outcome.then(print) : print(outcome);
}

function checkUser(
  service: Service,
  rule: CheckUserRule,
  request: DeviceRequest,
  parameters: readonly Parameter[],
): Answer {
  const print: (outcome: UserOutcome) => DeviceReply = userDialects[rule.dialect];
  const presented = findCredential(request, rule.credential, parameters);
  switch (presented.kind) {
    case "absent":
      return print("no-credentials");
    case "malformed":
      return print("wrong");
    case "credential": {
      const check = service.checkCredential(presented.credential);
      return check instanceof Promise ? check.then(print) : print(check);
    }
    default:
      return unreachable(presented);
  }
}

function listHosts(
  service: Service,
  rule: ListHostsRule,
  request: DeviceRequest,
  parameters: readonly Parameter[],
): Answer {
  const print: (outcome: ListOutcome) => DeviceReply = listDialects[rule.dialect];
  const presented = findCredential(request, rule.credential, parameters);
  switch (presented.kind) {
    case "absent":
      return print({ kind: "no-credentials" });
    case "malformed":
      return print({ kind: "bad-credentials" });
    case "credential": {
      const listing = service.listHosts(presented.credential);
      return listing instanceof Promise ? listing.then(print) : print(listing);
    }
    default:
      return unreachable(presented);
  }
}

function findCredential(
  request: DeviceRequest,
  mapping: CredentialMapping,
  parameters: readonly Parameter[],
): Presented {
  const basic = parseBasic(request.headers.get("authorization"));
  if (mapping.kind === "basic" || basic.kind !== "absent") return basic;
  return makePresented(
    findLast(parameters, mapping.usernames),
    findLast(parameters, mapping.passwords),
  );
}

function findLast(parameters: readonly Parameter[], keys: readonly string[]): string {
  return parameters.findLast((parameter) => keys.includes(parameter.key))?.value ?? "";
}

function credentialOf(presented: Presented): Credential | undefined {
  return presented.kind === "credential" ? presented.credential : undefined;
}

/** Without its port; an IPv6 literal keeps its brackets. */
function printHost(authority: string): string {
  return authority.toLowerCase().replace(/:\d*$/, "");
}
