/** Hosts, device logins and receipts: what a person came for. */

import { z } from "zod";
import { may } from "./route.ts";
import type { Route } from "./route.ts";
import {
  cidr,
  hostName,
  id,
  nothing,
  page,
  pageQuery,
  time,
  userName,
  zoneName,
} from "./shapes.ts";

/** Never "online": most devices speak only when their address changes. */
export const hostStates = ["waiting", "current", "quiet", "silent", "held", "fixed"] as const;

/** One day of the strip: what happened on it. */
const day = z.strictObject({
  day: z.iso.date(),
  changes: z.number().int(),
  contacts: z.number().int(),
  refused: z.number().int(),
});

export const host = z.strictObject({
  name: hostName,
  zone: zoneName,
  owner: userName,
  state: z.enum(hostStates),
  v4: z.string().nullable(),
  v6: z.string().nullable(),
  ttlSeconds: z.number().int(),
  createdAt: time,
  /** Of an address. */
  changedAt: time.nullable(),
  /** Any successful contact, repeats included. */
  heardAt: time.nullable(),
  /** What it last called itself. */
  device: z.string().nullable(),
  interfaceId: z.string().nullable(),
  /** What stands at `_acme-challenge`. */
  challenges: z.array(z.string()),
  /** Why it is held, where the operator said so. */
  heldWhy: z.string().nullable(),
  note: z.string(),
  /** Hours of silence before its owner is told; null: by its learned rhythm; 0: never. */
  alertHours: z.number().int().nullable(),
  /** A guide the owner chose. */
  guide: z.string().nullable(),
});

const hostWithStrip = host.extend({ strip: z.array(day) });

const addresses = z.strictObject({
  v4: z.string().max(15).nullable().optional(),
  v6: z.string().max(45).nullable().optional(),
});

export const login = z.strictObject({
  id,
  username: z.string(),
  owner: userName,
  hosts: z.union([z.literal("all"), z.array(hostName)]),
  scope: z.enum(["all", "challenges"]),
  accepts: z.array(z.enum(["token", "sha1", "md5", "gnudip"])),
  from: z.array(cidr),
  defaultHost: hostName.nullable(),
  createdAt: time.nullable(),
  usedAt: time.nullable(),
  usedBy: z.string().nullable(),
  /** A sentence: "may set addresses of cam-garage, from 203.0.113.0/24". */
  sentence: z.string(),
});

export const receipt = z.strictObject({
  id,
  at: time,
  host: hostName.nullable(),
  asked: z.string(),
  username: z.string().nullable(),
  peer: z.string(),
  adapter: z.string(),
  userAgent: z.string(),
  outcome: z.string(),
  addresses: z.array(z.string()),
  note: z.string(),
  /** The reason in a sentence, and what to do. */
  reason: z.string(),
  remedy: z.string().nullable(),
  /** Repeats since `at` that said the same. */
  repeats: z.number().int(),
});

const newLogin = z.strictObject({
  hosts: z.union([z.literal("all"), z.array(hostName).min(1).max(1_000)]),
  username: z.string().min(1).max(255).optional(),
  password: z.string().min(1).max(128).optional(),
  accepts: z.array(z.enum(["token", "sha1", "md5", "gnudip"])).default([]),
  scope: z.enum(["all", "challenges"]).default("all"),
  from: z.array(cidr).max(20).default([]),
  defaultHost: hostName.optional(),
});

const rowFault = z.strictObject({ line: z.number().int(), why: z.string() });
const bulkReport = z.strictObject({
  isDryRun: z.boolean(),
  /** It was done before with the same `Idempotency-Key`: nothing was done now, and no password is told again. */
  isRepeat: z.boolean(),
  rows: z.number().int(),
  created: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  refused: z.number().int(),
  /** The first thousand. */
  faults: z.array(rowFault),
  /** The first of what would be or was changed. */
  sample: z.array(z.strictObject({ line: z.number().int(), name: hostName, change: z.string() })),
  /** Shown once: user names and passwords of logins that were made. */
  logins: z.array(z.strictObject({ name: hostName, username: z.string(), password: z.string() })),
});

export const hostRoutes = {
  listHosts: {
    method: "GET",
    path: "/hosts",
    summary:
      "Hosts by name. `q` filters: words of the name, and state:, zone:, owner:, address:, device:, login:, each with - for not.",
    access: may("hosts:read"),
    query: pageQuery.extend({
      q: z.string().max(500).optional(),
      strip: z.stringbool().default(false),
    }),
    status: 200,
    reply: page(hostWithStrip),
  },
  countHosts: {
    method: "GET",
    path: "/hosts/counts",
    summary: "How many hosts are in each state.",
    access: may("hosts:read"),
    status: 200,
    reply: z.record(z.enum(hostStates), z.number().int()),
  },
  addHost: {
    method: "POST",
    path: "/hosts",
    summary: "Make a host.",
    access: may("hosts:write"),
    body: z.strictObject({
      name: hostName,
      owner: userName.optional(),
      interfaceId: z.string().max(45).optional(),
      note: z.string().max(1_000).optional(),
    }),
    status: 201,
    reply: host,
  },
  getHost: {
    method: "GET",
    path: "/hosts/{name}",
    summary: "One host, with the strip of its last 30 days.",
    access: may("hosts:read"),
    status: 200,
    reply: hostWithStrip,
  },
  changeHost: {
    method: "PATCH",
    path: "/hosts/{name}",
    summary: "Change what is kept about a host.",
    access: may("hosts:write"),
    body: z.strictObject({
      interfaceId: z.string().max(45).nullable().optional(),
      note: z.string().max(1_000).optional(),
      alertHours: z.number().int().min(0).max(8_760).nullable().optional(),
      guide: z.string().max(60).nullable().optional(),
    }),
    status: 200,
    reply: host,
  },
  deleteHost: {
    method: "DELETE",
    path: "/hosts/{name}",
    summary:
      "Delete a host. Its name is kept from others for a time; with `block`, by an administrator, for ever.",
    access: may("hosts:write"),
    query: z.strictObject({ block: z.stringbool().default(false) }),
    status: 204,
  },
  setAddresses: {
    method: "PUT",
    path: "/hosts/{name}/addresses",
    summary: "Set addresses by hand; null takes one away, what is left out stays.",
    access: may("addresses:write"),
    body: addresses,
    status: 200,
    reply: host,
  },
  fixHost: {
    method: "PUT",
    path: "/hosts/{name}/fixed",
    summary: "Fix the addresses: updates of devices are recorded and not applied.",
    access: may("hosts:write"),
    body: z.strictObject({ isFixed: z.boolean() }),
    status: 200,
    reply: host,
  },
  holdHost: {
    method: "PUT",
    path: "/hosts/{name}/hold",
    summary: "Hold a host, or let it go. What the operator holds only the operator lets go.",
    access: may("hosts:write"),
    body: z.strictObject({ isHeld: z.boolean(), why: z.string().max(500).optional() }),
    status: 200,
    reply: host,
  },
  getTimeline: {
    method: "GET",
    path: "/hosts/{name}/timeline",
    summary: "Which address it had when.",
    access: may("hosts:read"),
    query: z.strictObject({ days: z.coerce.number().int().min(1).max(90).default(30) }),
    status: 200,
    reply: z.strictObject({
      from: time,
      until: time,
      spans: z.array(
        z.strictObject({
          family: z.union([z.literal(4), z.literal(6)]),
          address: z.string().nullable(),
          from: time,
          until: time,
        }),
      ),
    }),
  },
  getAnswers: {
    method: "GET",
    path: "/hosts/{name}/answers",
    summary: "What our own server and the operator's resolvers answer now.",
    access: may("hosts:read"),
    status: 200,
    reply: z.strictObject({
      items: z.array(
        z.strictObject({
          server: z.string(),
          v4: z.string().nullable(),
          v6: z.string().nullable(),
          ttlSeconds: z.number().int().nullable(),
          isCurrent: z.boolean(),
          fault: z.string().nullable(),
        }),
      ),
    }),
  },
  sendTest: {
    method: "POST",
    path: "/hosts/{name}/test",
    summary: "An update from this browser: the caller's own address.",
    access: may("addresses:write"),
    body: nothing,
    status: 200,
    reply: receipt,
  },
  listen: {
    method: "POST",
    path: "/hosts/{name}/listen",
    summary:
      "Listen for requests that may be meant for this host: by name, by login, or from the caller's address. Gives the question for GET /events.",
    access: may("hosts:read"),
    body: nothing,
    status: 200,
    reply: z.strictObject({
      ticket: z.string(),
      /** Where devices report: `http://ddns.example.net:8245`. */
      deviceUrl: z.string(),
    }),
  },

  listReceipts: {
    method: "GET",
    path: "/receipts",
    summary:
      "Receipts, newest first. `q` filters: words of what was asked, and host:, zone:, address:, device:, login:, outcome:, peer:, adapter:, each with - for not.",
    access: may("receipts:read"),
    query: pageQuery.extend({ q: z.string().max(500).optional() }),
    status: 200,
    reply: page(receipt),
  },
  exportReceipts: {
    method: "GET",
    path: "/receipts/export",
    summary: "Receipts as a file, newest first, filtered as the list is.",
    access: may("receipts:read"),
    query: z.strictObject({
      q: z.string().max(500).optional(),
      format: z.enum(["ndjson", "csv"]).default("ndjson"),
    }),
    status: 200,
    streams: "application/x-ndjson",
  },
  listEvents: {
    method: "GET",
    path: "/events",
    summary:
      "Receipts, host states and counters as they happen. `ticket`: of a listening page. `q` filters receipts as their list does.",
    access: may("receipts:read"),
    query: z.strictObject({
      q: z.string().max(500).optional(),
      ticket: z.string().max(100).optional(),
      topics: z.string().max(200).optional(),
    }),
    status: 200,
    streams: "text/event-stream",
  },

  importHosts: {
    method: "POST",
    path: "/hosts/bulk",
    summary:
      "Hosts, addresses and logins from NDJSON or CSV, at most 100,000 rows, all or none. Columns: name, owner, v4, v6, note, interfaceId, username, password, login (true: one is made for a host that is new). What is left out stays, null (none in CSV) takes away. `Idempotency-Key` makes a repeat within a day harmless.",
    access: may("hosts:write"),
    query: z.strictObject({ dryRun: z.stringbool().default(false), owner: userName.optional() }),
    bodyTypes: ["application/x-ndjson", "text/csv"],
    bodyOctetsMax: 32 * 1_024 * 1_024,
    status: 200,
    reply: bulkReport,
  },
  exportHosts: {
    method: "GET",
    path: "/hosts/export",
    summary: "All hosts as NDJSON, in the columns of an import.",
    access: may("hosts:read"),
    status: 200,
    streams: "application/x-ndjson",
  },

  listLogins: {
    method: "GET",
    path: "/logins",
    summary: "Device logins.",
    access: may("logins:read"),
    query: pageQuery.extend({ host: hostName.optional() }),
    status: 200,
    reply: page(login),
  },
  addLogin: {
    method: "POST",
    path: "/logins",
    summary: "Make a device login. Its password is shown once.",
    access: may("logins:write"),
    body: newLogin,
    status: 201,
    reply: z.strictObject({ login, password: z.string() }),
  },
  deleteLogin: {
    method: "DELETE",
    path: "/logins/{id}",
    summary: "Revoke a device login.",
    access: may("logins:write"),
    status: 204,
  },
} as const satisfies Record<string, Route>;
