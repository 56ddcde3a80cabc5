/**
 * Changes by Cloudflare's API. A record is a host's address of one family, or a challenge at its `_acme-challenge`;
 * nothing else can be made or taken away, and a host never.
 */

import { parseAddress } from "../../base/address.ts";
import { unreachable } from "../../base/assert.ts";
import { isChallenge } from "../../core/challenge.ts";
import { parseHostName } from "../../core/host-name.ts";
import type { Credential } from "../../core/login.ts";
import type { Reached, UpdateRequest } from "../../core/update.ts";
import { findChallengedHost } from "../challenge-host.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "../dialects/overall.ts";
import type { Overall } from "../dialects/overall.ts";
import { originOf } from "../facade.ts";
import type { FacadeRequest } from "../facade.ts";
import { findText, parseJsonObject } from "../json-text.ts";
import { plainUpdate } from "../talk.ts";
import type { ListedHost, Service } from "../update-service.ts";
import { recordId, recordName } from "./cloudflare-records.ts";
import type { CloudflareRecord, CloudflareZone, RecordType } from "./cloudflare-records.ts";
import { badContent, printRecord, printResult, refusals } from "./cloudflare-replies.ts";

/** Who asks, and the zone it asks about. */
export interface CloudflareLogin {
  readonly asked: FacadeRequest;
  readonly service: Service;
  readonly credential: Credential;
  /** All that the credential may update. */
  readonly hosts: readonly ListedHost[];
  readonly zone: CloudflareZone;
}

/** What a body says of a record; what is left out stays as it is. TTL, proxying and comments are nothing to us. */
interface Written {
  readonly type: string | undefined;
  readonly name: string | undefined;
  readonly content: string | undefined;
}

/** `POST`: sets what the host has, whether or not it had it before. */
export async function makeRecord(login: CloudflareLogin): Promise<DeviceReply> {
  const written = parseWritten(login);
  if (written?.name === undefined || written.content === undefined) return refusals.badBody;
  const { name, content } = written;
  const type = recordTypes.find((one) => one === written.type);
  const hostName = type === "TXT" ? findChallengedHost(name) : parseHostName(name);
  if (type === undefined || hostName === undefined) return refusals.notKept;
  const host = login.hosts.find((one) => one.name === hostName);
  if (host !== undefined && host.zone !== login.zone.name) return refusals.noHost;
  // Asked for an unknown host, too: the receipt tells its owner what this login is trying.
  const outcome = await setContent(login, hostName, type, content);
  if (host !== undefined) return printChange(login, { host, type, content }, outcome);
  return isReached(outcome) ? refusals.later : refusals.noHost; // made a moment ago
}

/** `PUT` and `PATCH`. */
export async function changeRecord(
  login: CloudflareLogin,
  record: CloudflareRecord,
): Promise<DeviceReply> {
  const written = parseWritten(login);
  if (written === undefined) return refusals.badBody;
  const { type = record.type, name = recordName(record), content = record.content } = written;
  if (content === undefined) return refusals.badBody;
  const isSame = type === record.type && parseHostName(name) === recordName(record);
  if (!isSame) return refusals.otherRecord;
  if (record.type === "TXT" && content !== record.content) {
    if (!isChallenge(content)) return badContent.TXT; // before anything is taken away
    const outcome = await takeContentAway(login, record, record.content ?? "");
    if (!isReached(outcome)) return printChange(login, record, outcome);
  }
  const outcome = await setContent(login, record.host.name, record.type, content);
  return printChange(login, { ...record, content }, outcome);
}

/** `DELETE`: the host is offline for this family, or the challenge is over. */
export async function takeRecordAway(
  login: CloudflareLogin,
  record: CloudflareRecord,
): Promise<DeviceReply> {
  if (record.content === undefined) return refusals.noRecord;
  const outcome = await takeContentAway(login, record, record.content);
  if (!isReached(outcome)) return printChange(login, record, outcome);
  return printResult({ id: recordId(record) });
}

const recordTypes: readonly RecordType[] = ["A", "AAAA", "TXT"];

function parseWritten({ asked, zone }: CloudflareLogin): Written | undefined {
  const object = parseJsonObject(asked.request.body);
  if (object === undefined) return undefined;
  const type = findText(object, "type")?.toUpperCase();
  const name = findText(object, "name");
  const content = findText(object, "content");
  return {
    type,
    name: name === undefined ? undefined : completeName(name, zone.name),
    content: content?.replace(quoted, "$1"),
  };
}

/** lego writes the text of a TXT record as a zone file has it. */
const quoted = /^"(.*)"$/;

/** `@` is the zone itself, and a name outside the zone is meant to stand in it. */
function completeName(written: string, apex: string): string {
  const name = written.toLowerCase().replace(/\.$/, "");
  if (name === "@") return apex;
  return name === apex || name.endsWith(`.${apex}`) ? name : `${name}.${apex}`;
}

async function setContent(
  login: CloudflareLogin,
  host: string,
  type: RecordType,
  content: string,
): Promise<Overall> {
  if (type === "TXT") {
    return update(login, host, { challenge: { kind: "add", value: content } });
  }
  const family = parseAddress(content)?.family;
  if (family === (type === "A" ? 6 : 4)) return { kind: "bad-address" };
  return update(login, host, { addresses: [content] });
}

function takeContentAway(
  login: CloudflareLogin,
  { host, type }: CloudflareRecord,
  content: string,
): Promise<Overall> {
  if (type === "TXT") {
    return update(login, host.name, { challenge: { kind: "remove", value: content } });
  }
  return update(login, host.name, { addresses: [content], offline: true });
}

async function update(
  { asked, service, credential }: CloudflareLogin,
  host: string,
  wanted: Partial<Pick<UpdateRequest, "addresses" | "offline" | "challenge">>,
): Promise<Overall> {
  const request = plainUpdate({ ...originOf(asked), credential, hosts: [host], ...wanted });
  return overall(await service.takeUpdate(request));
}

function isReached(outcome: Overall): outcome is Reached {
  return outcome.kind === "changed" || outcome.kind === "unchanged";
}

function printChange(
  { zone, credential }: CloudflareLogin,
  record: CloudflareRecord,
  outcome: Overall,
): DeviceReply {
  switch (outcome.kind) {
    case "changed":
    case "unchanged":
      // What the host has now: an address that may not be published was replaced by the caller's.
      return printResult(printRecord(record, zone, outcome.addresses[0] ?? record.content));
    case "bad-address":
      return badContent[record.type];
    case "blocked":
      return refusals.blocked;
    case "try-later":
      return refusals.later;
    case "unknown-host":
    case "not-a-full-name":
    case "too-many-hosts":
      return refusals.noHost;
    case "no-credentials":
    case "bad-credentials":
      return credential.kind === "password" ? refusals.badKey : refusals.badToken;
    default:
      return unreachable(outcome);
  }
}
