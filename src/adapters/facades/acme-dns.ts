/**
 * acme-dns: a program signs up for a name of its own, points the challenges of its real names at it (CNAME), and
 * then sends the texts here. Its words are those of joohoi/acme-dns.
 */

import type { Address } from "../../base/address.ts";
import { unreachable } from "../../base/assert.ts";
import type { Credential } from "../../core/login.ts";
import type { RegistrationOutcome } from "../../core/registration.ts";
import { challengeRecordName } from "../challenge-host.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "../dialects/overall.ts";
import { plainText } from "../dialects/plain-text.ts";
import { originOf } from "../facade.ts";
import type { FacadeRequest } from "../facade.ts";
import { findCredential } from "../find-credential.ts";
import { findText, jsonReply, parseJsonObject } from "../json-text.ts";
import type { JsonObject } from "../json-text.ts";
import { plainUpdate } from "../talk.ts";
import type { Service } from "../update-service.ts";

/** Programs that watch over it ask only whether somebody is there. */
export function answerHealth(): DeviceReply {
  return plainText(200, "");
}

export async function answerRegister(asked: FacadeRequest, service: Service): Promise<DeviceReply> {
  const { body } = asked.request;
  const object = parseJsonObject(body === "" ? "{}" : body);
  if (object === undefined) return refuse(400, "malformed_json_payload");
  const allowFrom = readAllowFrom(object);
  if (allowFrom === undefined) return refuse(400, "invalid_allowfrom_cidr");
  const outcome = await service.register({ kind: "acme", allowFrom, from: originOf(asked) });
  return printRegistration(outcome, allowFrom);
}

function readAllowFrom(object: JsonObject): readonly string[] | undefined {
  const given = object.get("allowfrom") ?? [];
  if (!Array.isArray(given)) return undefined;
  return given.every((one) => typeof one === "string") ? given : undefined;
}

function printRegistration(
  outcome: RegistrationOutcome,
  allowfrom: readonly string[],
): DeviceReply {
  switch (outcome.kind) {
    case "acme": {
      const { host, username, password } = outcome;
      const subdomain = host.split(".", 1)[0]!;
      const fulldomain = challengeRecordName(host);
      return jsonReply(201, { username, password, fulldomain, subdomain, allowfrom });
    }
    case "bad-address":
      return refuse(400, "invalid_allowfrom_cidr");
    case "try-later":
    case "too-many":
      return refuse(503, "try_later");
    case "created":
    case "replaced":
    case "unchanged":
    case "left":
    case "not-open":
    case "bad-key":
    case "bad-host":
    case "taken":
    case "unknown":
      return refuse(401, "registration_closed");
    default:
      return unreachable(outcome);
  }
}

export async function answerUpdate(asked: FacadeRequest, service: Service): Promise<DeviceReply> {
  const presented = findCredential(asked.request.headers, apiHeaders, []);
  if (presented.kind !== "credential") return forbidden;
  const { credential } = presented;
  const object = parseJsonObject(asked.request.body) ?? new Map<string, unknown>();
  const subdomain = findText(object, "subdomain") ?? "";
  const value = findText(object, "txt") ?? "";
  if (subdomain === "" || !digestText.test(value))
    return refuseUnread(credential, asked.request.peer, service);

  const outcome = await service.takeUpdate(
    plainUpdate({
      ...originOf(asked),
      credential,
      hosts: [subdomain],
      naming: "label",
      challenge: { kind: "add", value },
    }),
  );
  const { kind } = overall(outcome);
  switch (kind) {
    case "changed":
    case "unchanged":
      return jsonReply(200, { txt: value });
    case "bad-address":
      return badTxt;
    case "try-later":
      return later;
    case "blocked":
      return refuse(403, "forbidden");
    case "no-credentials":
    case "bad-credentials":
    case "too-many-hosts":
    case "unknown-host":
    case "not-a-full-name":
      return forbidden;
    default:
      return unreachable(kind);
  }
}

/** Whose secret is wrong learns only that, whatever else is wrong. */
async function refuseUnread(
  credential: Credential,
  peer: Address,
  service: Service,
): Promise<DeviceReply> {
  const check = await service.checkCredential(credential, peer);
  switch (check) {
    case "ok":
      return badTxt;
    case "wrong":
      return forbidden;
    case "try-later":
      return later;
    default:
      return unreachable(check);
  }
}

function refuse(status: DeviceReply["status"], error: string): DeviceReply {
  return jsonReply(status, { error });
}

const apiHeaders = [{ kind: "headers", username: "x-api-user", password: "x-api-key" }] as const;
/** SHA-256 in base64url without padding (RFC 8555 §8.4): 43 characters, and nothing else is taken. */
const digestText = /^[A-Za-z0-9_-]{43}$/;
const forbidden = refuse(401, "forbidden");
const badTxt = refuse(400, "bad_txt");
const later = refuse(503, "try_later");
