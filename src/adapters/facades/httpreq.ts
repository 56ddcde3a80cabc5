/** lego's `httpreq`: a program that proves a name for a certificate says which text to show, and when to take it away. */

import type { ChallengeChange } from "../../core/update.ts";
import { findChallengedHost } from "../challenge-host.ts";
import type { DeviceReply } from "../device-request.ts";
import { printHttpStatus } from "../dialects/http-status.ts";
import { badRequest } from "../dialects/plain-text.ts";
import { originOf } from "../facade.ts";
import type { FacadeRequest } from "../facade.ts";
import { findCredential } from "../find-credential.ts";
import { findText, parseJsonObject } from "../json-text.ts";
import { plainUpdate } from "../talk.ts";
import type { Service } from "../update-service.ts";

export function answerPresent(request: FacadeRequest, service: Service): Promise<DeviceReply> {
  return change(request, service, "add");
}

export function answerCleanup(request: FacadeRequest, service: Service): Promise<DeviceReply> {
  return change(request, service, "remove");
}

async function change(
  asked: FacadeRequest,
  service: Service,
  kind: Exclude<ChallengeChange["kind"], "clear">,
): Promise<DeviceReply> {
  const { headers, body } = asked.request;
  const wanted = parseWanted(body);
  if (wanted === undefined) return badRequest;
  const presented = findCredential(headers, [{ kind: "basic" }], []);
  if (presented.kind === "malformed") return printHttpStatus({ kind: "bad-credentials" });
  const credential = presented.kind === "credential" ? presented.credential : undefined;
  const outcome = await service.takeUpdate(
    plainUpdate({
      ...originOf(asked),
      credential,
      hosts: [wanted.host],
      challenge: { kind, value: wanted.value },
    }),
  );
  return printHttpStatus(outcome);
}

interface Wanted {
  readonly host: string;
  readonly value: string;
}

/** Either what the record shall be, or (mode RAW) what the authority asked, from which the record follows. */
function parseWanted(body: string): Wanted | undefined {
  const object = parseJsonObject(body);
  if (object === undefined) return undefined;
  const fqdn = findText(object, "fqdn");
  const value = findText(object, "value");
  if (fqdn !== undefined && value !== undefined) {
    const host = findChallengedHost(fqdn);
    return host === undefined ? undefined : { host, value };
  }
  const domain = findText(object, "domain");
  const keyAuthorization = findText(object, "keyAuth");
  if (domain === undefined || keyAuthorization === undefined) return undefined;
  return { host: domain.replace(/^\*\./, ""), value: challengeText(keyAuthorization) };
}

/** RFC 8555 §8.4. */
function challengeText(keyAuthorization: string): string {
  return new Bun.CryptoHasher("sha256").update(keyAuthorization).digest("base64url");
}
