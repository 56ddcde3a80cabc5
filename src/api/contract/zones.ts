/** Zones and the records in them. */

import { z } from "zod";
import { adminMay, may } from "./route.ts";
import type { Route } from "./route.ts";
import { id, page, pageQuery, zoneName } from "./shapes.ts";

export const zone = z.strictObject({
  name: zoneName,
  isPrivate: z.boolean(),
  serial: z.number().int(),
  hosts: z.number().int(),
  records: z.number().int(),
  /** `waiting-for-ds`: the parent has yet to take up, change or take away what it says of the keys. */
  signing: z.enum(["unsigned", "signed", "waiting-for-ds"]),
  /** How long resolvers may keep an address of a host. */
  hostTtlSeconds: z.number().int(),
  /** How long they may keep that there is nothing; null: the zone has no SOA. */
  negativeTtlSeconds: z.number().int().nullable(),
  /** People may make hosts in it. */
  isShared: z.boolean(),
  openFor: z.array(z.enum(["device", "acme"])),
});

export const record = z.strictObject({
  id,
  owner: z.string().max(1_004),
  type: z.string().max(20),
  ttlSeconds: z.number().int().min(0).max(2_147_483_647),
  /** Presentation text, as in a zone file; unknown types by RFC 3597. */
  data: z.string().max(65_535 * 4),
});

/** Who was asked: a server of the parent, a name server of the zone, or a resolver that the operator names. */
export const askedRoles = ["parent", "own", "resolver"] as const;

const delegation = z.strictObject({
  /** Lines for the parent, as its registrar takes them. */
  wanted: z.strictObject({
    ns: z.array(z.string()),
    glue: z.array(z.string()),
    ds: z.array(z.string()),
    /** Name servers in the zone that have no address yet. */
    withoutAddress: z.array(z.string()),
  }),
  /** The apex of the zone above; null: nobody could say. */
  parent: z.string().nullable(),
  /** Why the parent could not be asked. */
  fault: z.string().nullable(),
  rows: z.array(
    z.strictObject({
      role: z.enum(askedRoles),
      server: z.string(),
      /** Empty: none is known. */
      address: z.string(),
      family: z.union([z.literal(4), z.literal(6)]).nullable(),
      transport: z.enum(["udp", "tcp"]),
      /** Null: it was not asked. */
      isGood: z.boolean().nullable(),
      /** A sentence. */
      says: z.string(),
    }),
  ),
});

export const zoneRoutes = {
  listZones: {
    method: "GET",
    path: "/zones",
    summary: "Zones that the caller may use.",
    access: may("records:read"),
    status: 200,
    reply: z.strictObject({ items: z.array(zone) }),
  },
  addZone: {
    method: "POST",
    path: "/zones",
    summary: "Serve a zone.",
    access: adminMay("service:write"),
    body: z.strictObject({
      name: zoneName,
      isPrivate: z.boolean().default(false),
      isShared: z.boolean().default(false),
    }),
    status: 201,
    reply: zone,
  },
  getZone: {
    method: "GET",
    path: "/zones/{zone}",
    summary: "One zone.",
    access: may("records:read"),
    status: 200,
    reply: zone,
  },
  changeZone: {
    method: "PATCH",
    path: "/zones/{zone}",
    summary: "Change what a zone is open for.",
    access: adminMay("service:write"),
    body: z.strictObject({ isShared: z.boolean().optional() }),
    status: 200,
    reply: zone,
  },
  removeZone: {
    method: "DELETE",
    path: "/zones/{zone}",
    summary: "Serve a zone no longer, with all its hosts.",
    access: adminMay("service:write"),
    status: 204,
  },
  checkZone: {
    method: "GET",
    path: "/zones/{zone}/delegation",
    summary:
      "How the parent delegates the zone, and who answers, over UDP and TCP, IPv4 and IPv6. Asks the net, by the setting `resolvers`.",
    access: adminMay("service:read"),
    status: 200,
    reply: delegation,
  },
  listRecords: {
    method: "GET",
    path: "/zones/{zone}/records",
    summary:
      "Records of a zone, the apex first, in order of owner and type. `q` filters: words, and type:.",
    access: may("records:read"),
    query: pageQuery.extend({
      after: z.string().max(2_000).optional(),
      q: z.string().max(300).optional(),
    }),
    status: 200,
    reply: page(record),
  },
  changeRecords: {
    method: "POST",
    path: "/zones/{zone}/records",
    summary:
      "Add and remove records, all or none. An owner may be written as in a zone file: @, www, or a full name; names in data are full. The TTL of what is added becomes that of all records of its owner and type.",
    access: adminMay("records:write"),
    body: z.strictObject({
      add: z
        .array(record.omit({ id: true }))
        .max(1_000)
        .default([]),
      remove: z.array(id).max(1_000).default([]),
    }),
    status: 200,
    reply: z.strictObject({ serial: z.number().int() }),
  },
  exportZone: {
    method: "GET",
    path: "/zones/{zone}/file",
    summary:
      "The zone as a zone file, the addresses of its hosts included; `nameward zone import` reads it.",
    access: adminMay("records:read"),
    status: 200,
    streams: "text/plain",
  },
} as const satisfies Record<string, Route>;
