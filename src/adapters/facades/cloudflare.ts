/**
 * As much of Cloudflare's API (v4) as update clients use: zones, and the records of the hosts that a login may
 * update.
 */

import { unreachable } from "../../base/assert.ts";
import type { Credential } from "../../core/login.ts";
import type { DeviceReply } from "../device-request.ts";
import type { FacadeRequest } from "../facade.ts";
import { findCredential } from "../find-credential.ts";
import { findValues } from "../parameters.ts";
import type { CredentialMapping } from "../rule.ts";
import type { ListedHost, Service } from "../update-service.ts";
import { changeRecord, makeRecord, takeRecordAway } from "./cloudflare-changes.ts";
import type { CloudflareLogin } from "./cloudflare-changes.ts";
import { findRecord, listRecords, listZones, recordName, tokenId } from "./cloudflare-records.ts";
import {
  perPageMax,
  printList,
  printRecord,
  printResult,
  printZone,
  refusals,
} from "./cloudflare-replies.ts";
import type { Page } from "./cloudflare-replies.ts";

const base = "/client/v4/";

export async function answerCloudflare(
  asked: FacadeRequest,
  service: Service,
): Promise<DeviceReply> {
  const route = parseRoute(asked.target.path.slice(base.length).split("/"));
  if (route === undefined) return refusals.noRoute;
  const signedIn = await signIn(asked, service);
  if (signedIn.kind === "refused") return signedIn.reply;
  const { credential, hosts } = signedIn;
  if (route.kind === "token") return ifGet(asked, () => printToken(hosts));
  if (route.kind === "zones") return ifGet(asked, () => printZones(asked, hosts));
  const zone = listZones(hosts).find(({ id }) => id === route.zone);
  if (zone === undefined) return refusals.noZone;
  const login: CloudflareLogin = { asked, service, credential, hosts, zone };
  switch (route.kind) {
    case "zone":
      return ifGet(asked, () => printResult(printZone(zone)));
    case "records":
      return answerRecords(login);
    case "record":
      return answerRecord(login, route.record);
    default:
      return unreachable(route);
  }
}

type Route =
  | { readonly kind: "token" }
  | { readonly kind: "zones" }
  | { readonly kind: "zone"; readonly zone: string }
  | { readonly kind: "records"; readonly zone: string }
  | { readonly kind: "record"; readonly zone: string; readonly record: string };

function parseRoute(segments: readonly string[]): Route | undefined {
  if (segments.join("/") === "user/tokens/verify") return { kind: "token" };
  const [first, zone, kind, record, ...more] = segments;
  if (first !== "zones" || more.length > 0) return undefined;
  if (zone === undefined) return { kind: "zones" };
  if (kind === undefined) return { kind: "zone", zone };
  if (kind !== "dns_records") return undefined;
  return record === undefined ? { kind: "records", zone } : { kind: "record", zone, record };
}

type SignedIn =
  | { readonly kind: "refused"; readonly reply: DeviceReply }
  | {
      readonly kind: "signed-in";
      readonly credential: Credential;
      readonly hosts: readonly ListedHost[];
    };

async function signIn({ request }: FacadeRequest, service: Service): Promise<SignedIn> {
  const presented = findCredential(request.headers, sources, []);
  if (presented.kind !== "credential") return { kind: "refused", reply: refusals.noCredentials };
  for (const credential of readings(presented.credential)) {
    const listing = await service.listHosts(credential, request.peer);
    switch (listing.kind) {
      case "hosts":
        return { kind: "signed-in", credential, hosts: listing.hosts };
      case "try-later":
        return { kind: "refused", reply: refusals.later };
      case "bad-credentials":
        break;
      default:
        return unreachable(listing);
    }
  }
  const isKey = presented.credential.kind === "password";
  return { kind: "refused", reply: isKey ? refusals.badKey : refusals.badToken };
}

const sources: CredentialMapping = [
  { kind: "bearer" },
  { kind: "headers", username: "x-auth-email", password: "x-auth-key" },
];

/** Beside an e-mail address that is no user name, the key may still be a token. */
function readings(credential: Credential): readonly Credential[] {
  if (credential.kind !== "password") return [credential];
  return [credential, { kind: "token", secret: credential.password }];
}

function ifGet({ request }: FacadeRequest, print: () => DeviceReply): DeviceReply {
  return request.method === "GET" ? print() : refusals.noMethod;
}

/** Whoever is signed in has one that is right; its id stands for what it may do. */
function printToken(hosts: readonly ListedHost[]): DeviceReply {
  return printResult({ id: tokenId(hosts), status: "active" });
}

function printZones(asked: FacadeRequest, hosts: readonly ListedHost[]): DeviceReply {
  const name = filterOf(asked, "name");
  const status = filterOf(asked, "status");
  const zones = listZones(hosts).filter(
    (zone) => isFitting(zone.name, name) && isFitting("active", status),
  );
  return printList(zones, pageOf(asked), printZone);
}

function answerRecords(login: CloudflareLogin): DeviceReply | Promise<DeviceReply> {
  switch (login.asked.request.method) {
    case "GET":
      return printRecords(login);
    case "POST":
      return makeRecord(login);
    default:
      return refusals.noMethod;
  }
}

function printRecords({ asked, hosts, zone }: CloudflareLogin): DeviceReply {
  const name = filterOf(asked, "name");
  const type = filterOf(asked, "type");
  const content = filterOf(asked, "content");
  const records = listRecords(hosts, zone, name).filter(
    (record) =>
      record.content !== undefined &&
      isFitting(recordName(record), name) &&
      isFitting(record.type, type) &&
      isFitting(record.content, content),
  );
  return printList(records, pageOf(asked), (record) => printRecord(record, zone));
}

function answerRecord(login: CloudflareLogin, id: string): DeviceReply | Promise<DeviceReply> {
  const { asked, hosts, zone } = login;
  const record = findRecord(hosts, zone, id);
  if (record === undefined) return refusals.noRecord;
  switch (asked.request.method) {
    case "PUT":
    case "PATCH":
      return changeRecord(login, record);
    case "GET":
      if (record.content === undefined) return refusals.noRecord;
      return printResult(printRecord(record, zone));
    case "DELETE":
      return takeRecordAway(login, record);
    default:
      return refusals.noMethod;
  }
}

/** `name=` and, in newer programs, `name.exact=`. What else there is to filter by fits everything here. */
function filterOf({ parameters }: FacadeRequest, key: string): string {
  const given = findValues(parameters, `${key}.exact`).at(-1) ?? findValues(parameters, key).at(-1);
  return given?.toLowerCase().replace(/\.$/, "") ?? "";
}

function isFitting(text: string, filter: string): boolean {
  return filter === "" || text.toLowerCase() === filter;
}

function pageOf({ parameters }: FacadeRequest): Page {
  const number = (key: string): number => Number(findValues(parameters, key).at(-1) ?? NaN);
  const page = number("page");
  const perPage = number("per_page");
  return {
    page: Number.isInteger(page) && page > 0 ? page : 1,
    perPage: Number.isInteger(perPage) && perPage > 0 ? Math.min(perPage, perPageMax) : perPageMax,
  };
}
