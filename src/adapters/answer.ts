/** The adapter engine: request, rule, operation, outcome, dialect, reply. */

import { parseAddress } from "../base/address.ts";
import type { Address } from "../base/address.ts";
import { unreachable } from "../base/assert.ts";
import { systemChance } from "../base/chance.ts";
import type { Chance } from "../base/chance.ts";
import { systemClock } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Credential } from "../core/login.ts";
import type { UpdateOutcome } from "../core/update.ts";
import { findCredential } from "./find-credential.ts";
import type { Presented } from "./credential.ts";
import type { DeviceReply, DeviceRequest } from "./device-request.ts";
import { addressDialects, listDialects, updateDialects, userDialects } from "./dialects.ts";
import type { PrintUpdate } from "./dialects.ts";
import { signingKeyOctets } from "./facade.ts";
import type { AnswerFacade } from "./facade.ts";
import { facadeDialects } from "./facades.ts";
import { badRequest, unknownPath } from "./dialects/plain-text.ts";
import type { ListOutcome } from "./dialects/mint-xml.ts";
import type { UserOutcome } from "./dialects/mint-user.ts";
import { LiveRules } from "./live-rules.ts";
import { makeMatchable } from "./matched-request.ts";
import type { Matchable } from "./matched-request.ts";
import type { Parameter } from "./parameters.ts";
import type { Question } from "./question.ts";
import { bendListing, bendOutcome, bendReply, findEffects } from "./quirk.ts";
import type { Effects, Quirk } from "./quirk.ts";
import { quirks as builtInQuirks } from "./quirks.ts";
import type { CheckUserRule, ListHostsRule, Rule, UpdateRule } from "./rule.ts";
import { findRule } from "./rule-book.ts";
import { rules as builtIn } from "./rules.ts";
import type { Service } from "./update-service.ts";
import { findTrial } from "./trial.ts";
import { mapUpdate } from "./update-mapping.ts";

/** Answers at once, without a promise, where the service does. */
export type Adapter = (request: DeviceRequest) => Answer;

type Answer = DeviceReply | Promise<DeviceReply>;

/** Receipts keep this much of a `User-Agent`. */
export const userAgentCharactersMax = 255;

/** Time and chance, for dialects that hand out challenges. */
export interface AdapterWorld {
  readonly clock: Clock;
  readonly chance: Chance;
}

/** `rules` that are live may change between two requests. */
export function makeAdapter(
  service: Service,
  rules: readonly Rule[] | LiveRules = builtIn,
  quirks: readonly Quirk[] = builtInQuirks,
  world: AdapterWorld = { clock: systemClock, chance: systemChance },
): Adapter {
  const live = rules instanceof LiveRules ? rules : new LiveRules(rules);
  const surroundings = { ...world, signingKey: world.chance.octets(signingKeyOctets) };

  return (request) => {
    const matchable = makeMatchable(request);
    if (matchable === undefined) return badRequest;
    if (live.trial === undefined) return answer(request, matchable);
    const from = { peer: request.peer, userAgent: cutUserAgent(request) };
    const noteTrial = findTrial(live.trial, matchable.asked, from, service);
    const reply = answer(request, matchable);
    if (noteTrial === undefined) return reply;
    return reply instanceof Promise ? reply.then(noteTrial) : noteTrial(reply);
  };

  function answer(request: DeviceRequest, { target, authority, asked }: Matchable): Answer {
    const found = findRule(live.book, asked);
    switch (found.kind) {
      case "no-rule":
        service.note({ kind: "unmatched", request });
        return unknownPath;
      case "wrong-method":
        // Not 405: for inadyn that is the end, and no device sends another method than its own.
        return badRequest;
      case "rule":
        break;
      default:
        return unreachable(found);
    }

    const { rule, parameters } = found;
    switch (rule.operation) {
      case "update":
        return update(
          service,
          rule,
          request,
          parameters,
          authority,
          findEffects(quirks, rule, asked),
        );
      case "check-user":
        return checkUser(service, rule, request, parameters);
      case "list-hosts":
        return listHosts(
          service,
          rule,
          request,
          parameters,
          authority,
          findEffects(quirks, rule, asked),
        );
      case "detect-address":
        service.noteTold?.(rule.id);
        return addressDialects[rule.dialect](request.peer);
      case "facade": {
        const answer: AnswerFacade = facadeDialects[rule.dialect];
        const userAgent = cutUserAgent(request);
        const asked = { adapter: rule.id, request, target, parameters, authority, userAgent };
        return answer({ ...asked, surroundings }, service);
      }
      default:
        return unreachable(rule);
    }
  }
}

function update(
  service: Service,
  rule: UpdateRule,
  request: DeviceRequest,
  parameters: readonly Parameter[],
  authority: string,
  effects: Effects | undefined,
): Answer {
  const { mapping, dialect } = rule;
  const mapped = mapUpdate(parameters, mapping);
  if (mapped.kind === "too-many-addresses") return badRequest;
  const { hosts, ownAddresses, prefix, offline, withdrawn, challenge } = mapped;
  const { peer, isTls } = request;
  const question: Question = {
    adapter: rule.id,
    hosts,
    challenge: challenge?.kind === "clear" ? undefined : challenge?.value,
    parameters,
    peer,
    authority,
    isTls,
  };
  const printUpdate: PrintUpdate = updateDialects[dialect];
  const print = (outcome: UpdateOutcome): DeviceReply => {
    if (effects === undefined) return printUpdate(outcome, question);
    return bendReply(printUpdate(bendOutcome(outcome, effects), question), outcome, effects);
  };
  const presented = findCredential(request.headers, mapping.credential, parameters);
  if (presented.kind === "malformed") return print({ kind: "bad-credentials" });

  const outcome = service.takeUpdate({
    credential: credentialOf(presented),
    hosts,
    naming: mapping.naming ?? "full",
    addresses: mapped.detected ? addDetected(mapped.addresses, peer) : mapped.addresses,
    ownAddresses,
    prefix,
    offline,
    withdrawn,
    challenge,
    isAllOrNothing: mapping.isAllOrNothing ?? false,
    peer,
    adapter: rule.id,
    userAgent: cutUserAgent(request),
  });
  return outcome instanceof Promise ? outcome.then(print) : print(outcome);
}

/** Where nothing was sent the service takes the caller's address by itself. */
function addDetected(addresses: readonly string[], peer: Address): readonly string[] {
  const isThere = addresses.some((text) => parseAddress(text)?.family === peer.family);
  return addresses.length === 0 || isThere ? addresses : [...addresses, peer.text];
}

function checkUser(
  service: Service,
  rule: CheckUserRule,
  request: DeviceRequest,
  parameters: readonly Parameter[],
): Answer {
  const print: (outcome: UserOutcome) => DeviceReply = userDialects[rule.dialect];
  const presented = findCredential(request.headers, rule.credential, parameters);
  switch (presented.kind) {
    case "absent":
      return print("no-credentials");
    case "malformed":
      return print("wrong");
    case "credential": {
      const check = service.checkCredential(presented.credential, request.peer);
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
  authority: string,
  effects: Effects | undefined,
): Answer {
  const { peer, isTls } = request;
  const question: Question = {
    adapter: rule.id,
    hosts: [],
    challenge: undefined,
    parameters,
    peer,
    authority,
    isTls,
  };
  const printList: (outcome: ListOutcome, question: Question) => DeviceReply =
    listDialects[rule.dialect];
  const print = (outcome: ListOutcome): DeviceReply =>
    printList(effects === undefined ? outcome : bendListing(outcome, effects), question);
  const presented = findCredential(request.headers, rule.credential, parameters);
  switch (presented.kind) {
    case "absent":
      return print({ kind: "no-credentials" });
    case "malformed":
      return print({ kind: "bad-credentials" });
    case "credential": {
      const listing = service.listHosts(presented.credential, request.peer);
      return listing instanceof Promise ? listing.then(print) : print(listing);
    }
    default:
      return unreachable(presented);
  }
}

function credentialOf(presented: Presented): Credential | undefined {
  return presented.kind === "credential" ? presented.credential : undefined;
}

function cutUserAgent(request: DeviceRequest): string {
  return (request.headers.get("user-agent") ?? "").slice(0, userAgentCharactersMax);
}
