/**
 * MintAuto: recorders that sign up by themselves, as the firmware of TVT does for autoddns.com and cpplusddns.com. The answer is a
 * number. One that the firmware does not know counts as success, so every failure has one of those it knows.
 */

import { unreachable } from "../../base/assert.ts";
import type { RegistrationOrigin, RegistrationOutcome } from "../../core/registration.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import { makePresentedSecret } from "../credential.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "../dialects/overall.ts";
import { plainText } from "../dialects/plain-text.ts";
import type { FacadeRequest } from "../facade.ts";
import { findValues } from "../parameters.ts";
import type { Parameter } from "../parameters.ts";
import { decodePercent } from "../percent.ts";
import { isAbsentAddress, isAbsentHost } from "../sentinel.ts";
import type { Service } from "../update-service.ts";

type Answer = DeviceReply | Promise<DeviceReply>;

/** `add.aspx`: the device brings its key, the name it wants and its address. */
export function answerMintAdd(asked: FacadeRequest, service: Service): Answer {
  const { parameters } = asked;
  const key = findKey(parameters);
  const host = findValues(parameters, "dm").findLast((name) => !isAbsentHost(name)) ?? "";
  const addresses = findAddresses(parameters);
  return settle(
    service.register({ kind: "device", key, host, addresses, from: originOf(asked) }),
    printAdd,
  );
}

/** `update.aspx`: the key stands for the device and its one host. */
export function answerMintUpdate(asked: FacadeRequest, service: Service): Answer {
  const presented = makePresentedSecret("token", findKey(asked.parameters));
  if (presented.kind !== "credential") return badKey;
  return settle(
    service.takeUpdate({
      credential: presented.credential,
      hosts: [],
      naming: "full",
      addresses: findAddresses(asked.parameters),
      ownAddresses: [],
      prefix: undefined,
      offline: false,
      challenge: undefined,
      isAllOrNothing: false,
      ...originOf(asked),
    }),
    printUpdate,
  );
}

/** `remove.aspx`: the device gives up its host. */
export function answerMintRemove(asked: FacadeRequest, service: Service): Answer {
  const key = findKey(asked.parameters);
  return settle(service.register({ kind: "leave", key, from: originOf(asked) }), printRemove);
}

function printAdd({ kind }: RegistrationOutcome): DeviceReply {
  switch (kind) {
    case "created":
      return plainText(200, "910");
    case "replaced":
      return plainText(200, "909");
    case "unchanged":
      return plainText(200, "908");
    case "not-open":
    case "bad-host":
    case "unknown":
      return plainText(200, "901");
    case "bad-key":
      return badKey;
    case "bad-address":
      return badAddress;
    case "taken":
      return plainText(200, "907");
    case "too-many":
      return plainText(200, "911");
    case "acme": // what is made for a program, and what is given up: neither was asked for
    case "left":
    case "try-later":
      return later;
    default:
      return unreachable(kind);
  }
}

/** A key that belongs to no device is 802, "no record", upon which the device signs up; 902 would call the key malformed. */
function printUpdate(outcome: UpdateOutcome): DeviceReply {
  const { kind } = overall(outcome);
  switch (kind) {
    case "changed":
    case "unchanged":
      return plainText(200, "801");
    case "no-credentials":
      return badKey;
    case "bad-credentials":
    case "unknown-host":
    case "not-a-full-name":
      return plainText(200, "802");
    case "blocked":
    case "too-many-hosts":
      return plainText(200, "803");
    case "bad-address":
      return badAddress;
    case "try-later":
      return plainText(503, "909");
    default:
      return unreachable(kind);
  }
}

function printRemove({ kind }: RegistrationOutcome): DeviceReply {
  switch (kind) {
    case "left":
      return plainText(200, "601");
    case "unknown":
    case "not-open":
    case "bad-host":
      return plainText(200, "701");
    case "bad-key":
      return badKey;
    case "created": // of what was not asked for
    case "replaced":
    case "unchanged":
    case "acme":
    case "bad-address":
    case "taken":
    case "too-many":
    case "try-later":
      return later;
    default:
      return unreachable(kind);
  }
}

const badKey = plainText(200, "902");
const badAddress = plainText(200, "904");
const later = plainText(503, "912");

/** Base64, sent as it is: a `+` in it is no space. Percent signs, which base64 does not have, are escapes all the same. */
function findKey(parameters: readonly Parameter[]): string {
  const raw = parameters.find(({ key }) => key === "mac")?.raw ?? "";
  const equals = raw.indexOf("=");
  return equals === -1 ? "" : decodePercent(raw.slice(equals + 1));
}

/** One, as its firmware has just one; the last that says something. None: the one it comes from. */
function findAddresses(parameters: readonly Parameter[]): readonly string[] {
  const said = findValues(parameters, "myip").findLast((text) => !isAbsentAddress(text));
  return said === undefined ? [] : [said];
}

function originOf(asked: FacadeRequest): RegistrationOrigin {
  return { peer: asked.request.peer, adapter: asked.adapter, userAgent: asked.userAgent };
}

function settle<Outcome extends object>(
  outcome: Outcome | Promise<Outcome>,
  print: (outcome: Outcome) => DeviceReply,
): Answer {
  return outcome instanceof Promise ? outcome.then(print) : print(outcome);
}
