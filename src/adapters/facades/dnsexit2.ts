/**
 * DNSExit's API, as ddclient 4 (`dnsexit2`) and curl scripts use it: a JSON document with the key, the domain and
 * one record or several to be updated. Addresses of one host go together; hosts go one after the other.
 */

import { makePresentedSecret } from "../credential.ts";
import type { DeviceReply } from "../device-request.ts";
import type { FacadeRequest } from "../facade.ts";
import type { Service } from "../update-service.ts";
import type { HostOutcome, UpdateOutcome } from "../../core/update.ts";
import { hostsPerUpdateMax } from "../../core/update.ts";
import { dnsexitReply, printDnsexitJson } from "../dialects/dnsexit-json.ts";

export async function answerDnsexit2(
  facade: FacadeRequest,
  service: Service,
): Promise<DeviceReply> {
  const asked = parseAsked(facade);
  if ("reply" in asked) return asked.reply;
  const presented = makePresentedSecret("token", asked.apikey);
  if (presented.kind === "malformed") return printDnsexitJson({ kind: "bad-credentials" });
  const credential = presented.kind === "credential" ? presented.credential : undefined;

  const outcomes: HostOutcome[] = [];
  for (const [host, addresses] of asked.addressesByHost) {
    const outcome: UpdateOutcome = await service.takeUpdate({
      credential,
      hosts: [host],
      naming: "full",
      addresses,
      ownAddresses: [],
      prefix: undefined,
      offline: false,
      challenge: undefined,
      isAllOrNothing: false,
      peer: facade.request.peer,
      adapter: facade.adapter,
      userAgent: facade.userAgent,
    });
    if (outcome.kind !== "hosts") return printDnsexitJson(outcome);
    outcomes.push(...outcome.hosts);
  }
  return printDnsexitJson({ kind: "hosts", hosts: outcomes });
}

interface Asked {
  readonly apikey: string;
  readonly addressesByHost: ReadonlyMap<string, readonly string[]>;
}

type Refused = { readonly reply: DeviceReply };

/** Key and domain may also stand in the query or in headers, as its documentation has it. */
function parseAsked({ request, parameters }: FacadeRequest): Asked | Refused {
  const document = parseObject(request.body);
  if (document === undefined) return refuse(4, "JSON Data Syntax Error");
  const find = (key: string): string =>
    textOf(document[key]) ||
    (parameters.findLast((parameter) => parameter.key === key)?.value ?? "") ||
    (request.headers.get(key) ?? "");
  const domain = find("domain");
  const { update } = document;
  const records: readonly unknown[] = Array.isArray(update) ? update : [update];
  if (domain === "" || update === undefined || records.length === 0) {
    return refuse(3, "Missing Required Definitions");
  }
  if (records.length > recordsMax) return refuse(1, "Too many hosts");

  const addressesByHost = new Map<string, string[]>();
  for (const record of records) {
    if (!isRecord(record)) return refuse(3, "Missing Required Definitions");
    if (!/^a(?:aaa)?$/i.test(textOf(record.type))) {
      return refuse(5, "JSON Defined Record Type not Supported");
    }
    const host = joinName(record.name ?? "", domain);
    const content = textOf(record.content);
    const known = addressesByHost.get(host) ?? [];
    addressesByHost.set(host, content === "" ? known : [...known, content]);
  }
  if (addressesByHost.size > hostsPerUpdateMax) return refuse(1, "Too many hosts");
  return { apikey: find("apikey"), addressesByHost };
}

/** Both families of as many hosts as one update may have. */
const recordsMax = 2 * hostsPerUpdateMax;

function refuse(code: number, message: string): Refused {
  return { reply: dnsexitReply(code, message) };
}

/** The domain is put behind a name that does not end with it. */
function joinName(name: string, domain: string): string {
  if (name === "" || name === "@") return domain;
  const isWhole = `.${name}`.toLowerCase().endsWith(`.${domain}`.toLowerCase());
  return isWhole ? name : `${name}.${domain}`;
}

function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface DnsRecord {
  readonly type?: unknown;
  /** Left out or empty: the domain itself. */
  readonly name?: string;
  readonly content?: unknown;
}

function isRecord(value: unknown): value is DnsRecord {
  return isObject(value) && (value["name"] === undefined || typeof value["name"] === "string");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
