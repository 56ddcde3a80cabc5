/**
 * Cloudflare's replies. All have the same envelope; clients look for `"success":true`, for `"total_count":0`, for
 * the first `"id":"` and `"content":"`, and for a few numbers of errors.
 */

import type { DeviceReply } from "../device-request.ts";
import { jsonReply } from "../json-text.ts";
import { recordId, recordName } from "./cloudflare-records.ts";
import type { CloudflareRecord, CloudflareZone, RecordType } from "./cloudflare-records.ts";

export interface Page {
  readonly page: number;
  readonly perPage: number;
}

/** Cloudflare's own default for records. Bounds a reply. */
export const perPageMax = 100;

export function printResult(result: unknown): DeviceReply {
  return jsonReply(200, { success: true, errors: [], messages: [], result });
}

/** The part of the list that was asked for, and how long it is in all. */
export function printList<Item>(
  items: readonly Item[],
  { page, perPage }: Page,
  print: (item: Item) => unknown,
): DeviceReply {
  const result = items.slice((page - 1) * perPage, page * perPage).map(print);
  return jsonReply(200, {
    success: true,
    errors: [],
    messages: [],
    result,
    result_info: {
      page,
      per_page: perPage,
      count: result.length,
      total_count: items.length,
      total_pages: Math.ceil(items.length / perPage),
    },
  });
}

/** The id stands first: inadyn takes the first one it finds. */
export function printZone({ id, name }: CloudflareZone): unknown {
  return {
    id,
    name,
    status: "active",
    paused: false,
    type: "full",
    permissions: ["#zone:read", "#dns_records:read", "#dns_records:edit"],
  };
}

/** `content`, where it is not what the record has. Never proxiable: Tomato takes that for another question. */
export function printRecord(
  record: CloudflareRecord,
  zone: CloudflareZone,
  content = record.content,
): unknown {
  return {
    id: recordId(record),
    type: record.type,
    name: recordName(record),
    content,
    proxiable: false,
    proxied: false,
    ttl: recordTtlSeconds,
    locked: false,
    zone_id: zone.id,
    zone_name: zone.name,
  };
}

/** Told whatever was asked for, as the resolvers will see it. */
const recordTtlSeconds = 60;

export const refusals = {
  /** Tomato reads 6003 with 400, and 9103 with 403, as a wrong login. */
  noCredentials: refuse(400, 6003, "Invalid request headers"),
  badKey: refuse(403, 9103, "Unknown X-Auth-Key or X-Auth-Email"),
  badToken: refuse(403, 10000, "Authentication error"),
  blocked: refuse(403, 9109, "This host is held by its operator"),
  noRoute: refuse(404, 7000, "No route for that URI"),
  noMethod: refuse(405, 7001, "That method is not available for that URI"),
  noZone: refuse(404, 7003, "No such zone for this login"),
  noRecord: refuse(404, 81044, "Record does not exist"),
  noHost: refuse(404, 81044, "No such host for this login; hosts are made by their owner"),
  badBody: refuse(400, 9207, "Request body is invalid"),
  otherRecord: refuse(400, 1004, "Type and name of a record do not change"),
  notKept: refuse(400, 1004, "Only A, AAAA and TXT at _acme-challenge are kept"),
  later: refuse(503, 7010, "Service unavailable"),
} as const;

export const badContent: Readonly<Record<RecordType, DeviceReply>> = {
  A: refuse(400, 9005, "Content for A record must be a valid IPv4 address"),
  AAAA: refuse(400, 9006, "Content for AAAA record must be a valid IPv6 address"),
  TXT: refuse(400, 1004, "Content for TXT record must be 1 to 255 printable characters"),
};

function refuse(status: DeviceReply["status"], code: number, message: string): DeviceReply {
  return jsonReply(status, {
    success: false,
    errors: [{ code, message }],
    messages: [],
    result: null,
  });
}
