/** Tokens, users, adapters, settings, notifications and what the operator looks at. */

import { z } from "zod";
import { actions, adminMay, adminPerson, freshAdmin, freshPerson, may, person } from "./route.ts";
import type { Route } from "./route.ts";
import {
  cidr,
  hostName,
  id,
  label,
  mail,
  nothing,
  page,
  pageQuery,
  time,
  userName,
} from "./shapes.ts";

/** All that is given must hold. */
export const policy = z.strictObject({
  actions: z.array(z.enum(actions)).min(1),
  zones: z.array(z.string().max(253)).max(50).optional(),
  /** Patterns of names, `*` for any text: `cam-*.dyn.example.net`. */
  names: z.array(z.string().max(253)).max(50).optional(),
  types: z.array(z.string().max(20)).max(20).optional(),
});

const token = z.strictObject({
  id,
  name: label,
  owner: userName,
  policy,
  from: z.array(cidr),
  createdAt: time,
  expiresAt: time.nullable(),
  unusedDays: z.number().int().nullable(),
  usedAt: time.nullable(),
  usedFrom: z.string().nullable(),
  sentence: z.string(),
});

const user = z.strictObject({
  name: userName,
  mail: mail.nullable(),
  role: z.enum(["user", "admin"]),
  state: z.enum(["active", "suspended", "deleting"]),
  hasSecondFactor: z.boolean(),
  hosts: z.number().int(),
  logins: z.number().int(),
  tokens: z.number().int(),
  quota: z.strictObject({
    hosts: z.number().int(),
    logins: z.number().int(),
    tokens: z.number().int(),
  }),
  /** Numbers of the account itself; null where the service's own holds. */
  ownQuota: z.strictObject({
    hosts: z.number().int().nullable(),
    logins: z.number().int().nullable(),
    tokens: z.number().int().nullable(),
  }),
  createdAt: time,
  seenAt: time.nullable(),
  /** When it goes; until then it can be taken back. */
  deletesAt: time.nullable(),
});

const invitation = z.strictObject({
  id,
  mail: mail.nullable(),
  role: z.enum(["user", "admin"]),
  by: userName,
  createdAt: time,
  expiresAt: time,
});

const adapterState = z.enum(["built-in", "shadow", "enabled", "disabled"]);
const adapter = z.strictObject({
  id: z.string(),
  state: adapterState,
  dialect: z.string(),
  paths: z.array(z.string()),
  hits: z.number().int(),
  lastAt: time.nullable(),
  /** As YAML; null of a built-in one. */
  rule: z.string().nullable(),
});
const lab = z.strictObject({
  /** What was tried where no request was given: the first that the rule was recorded from. */
  recorded: z.string().nullable(),
  rule: z.string().nullable(),
  near: z.array(z.strictObject({ rule: z.string(), why: z.string() })),
  mapping: z.array(z.strictObject({ what: z.string(), value: z.string() })),
  decision: z.string(),
  reply: z.string().nullable(),
  /** Of a rule that is given along: what is answered today, without it. */
  answered: z.string().nullable(),
});

export const settingGroups = [
  "brand",
  "mail-texts",
  "people",
  "hosts",
  "mail",
  "dns",
  "devices",
  "web",
  "limits",
  "service",
] as const;

/** One setting with where its value came from. */
const setting = z.strictObject({
  name: z.string(),
  value: z.string(),
  origin: z.enum(["default", "file", "environment", "flag", "database"]),
  place: z.string().nullable(),
  doc: z.string(),
  wants: z.string(),
  canChange: z.boolean(),
  isSecret: z.boolean(),
  /** What stands under one heading. */
  group: z.enum(settingGroups),
  /** What it is edited with. */
  kind: z.enum(["text", "number", "choice", "list", "colour", "mail"]),
  /** Of a choice. */
  choices: z.array(z.string()),
  /** Of a mail: what may stand in braces. */
  placeholders: z.array(z.string()),
  /** What holds when nobody says anything. */
  fallback: z.string(),
});

export const notificationKinds = [
  "silent",
  "recovered",
  "held",
  "new-login",
  "failed-authentication",
  "test",
] as const;
const channel = z.strictObject({
  id,
  kind: z.enum(["mail", "webhook"]),
  target: z.string(),
  events: z.array(z.enum(notificationKinds)),
  isConfirmed: z.boolean(),
  createdAt: time,
  lastDelivery: z.strictObject({ at: time, isGood: z.boolean(), says: z.string() }).nullable(),
});
const delivery = z.strictObject({
  id,
  at: time,
  event: z.enum(notificationKinds),
  tries: z.number().int(),
  isGood: z.boolean(),
  says: z.string(),
  body: z.string(),
});

const auditEntry = z.strictObject({
  id,
  at: time,
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  from: z.string(),
  result: z.string(),
  requestId: z.string(),
  detail: z.string(),
});

export const serviceRoutes = {
  listTokens: {
    method: "GET",
    path: "/tokens",
    summary: "API tokens of the own account.",
    access: person,
    status: 200,
    reply: z.strictObject({ items: z.array(token) }),
  },
  addToken: {
    method: "POST",
    path: "/tokens",
    summary: "Make an API token. It is shown once.",
    access: freshPerson,
    body: z.strictObject({
      name: label,
      policy,
      from: z.array(cidr).max(20).default([]),
      days: z.number().int().min(1).max(3_650).nullable().default(null),
      unusedDays: z.number().int().min(1).max(3_650).nullable().default(null),
    }),
    status: 201,
    reply: z.strictObject({ token, secret: z.string() }),
  },
  deleteToken: {
    method: "DELETE",
    path: "/tokens/{id}",
    summary: "Revoke an API token.",
    access: person,
    status: 204,
  },

  listUsers: {
    method: "GET",
    path: "/users",
    summary: "Accounts. `q` filters: words of the name or the mail address, state:, role:.",
    access: adminMay("service:read"),
    query: pageQuery.extend({ q: z.string().max(200).optional() }),
    status: 200,
    reply: page(user),
  },
  getUser: {
    method: "GET",
    path: "/users/{name}",
    summary: "One account.",
    access: adminMay("service:read"),
    status: 200,
    reply: user,
  },
  changeUser: {
    method: "PATCH",
    path: "/users/{name}",
    summary: "Change role, quota or state of an account.",
    access: freshAdmin,
    body: z.strictObject({
      role: z.enum(["user", "admin"]).optional(),
      isSuspended: z.boolean().optional(),
      /** null: the service's own number again. */
      quota: z
        .strictObject({
          hosts: z.number().int().min(0).max(1_000_000).nullable(),
          logins: z.number().int().min(0).max(1_000_000).nullable(),
          tokens: z.number().int().min(0).max(1_000).nullable(),
        })
        .partial()
        .optional(),
    }),
    status: 200,
    reply: user,
  },
  endUserSessions: {
    method: "DELETE",
    path: "/users/{name}/sessions",
    summary: "Sign an account out everywhere.",
    access: adminPerson,
    status: 204,
  },
  removeSecondFactors: {
    method: "DELETE",
    path: "/users/{name}/second-factors",
    summary: "Take the second factors of somebody who lost them away.",
    access: freshAdmin,
    status: 204,
  },
  deleteUser: {
    method: "DELETE",
    path: "/users/{name}",
    summary: "Delete an account after a time in which it can be taken back.",
    access: freshAdmin,
    status: 200,
    reply: z.strictObject({ deletesAt: time }),
  },
  keepUser: {
    method: "POST",
    path: "/users/{name}/keep",
    summary: "Take the deletion of an account back.",
    access: adminPerson,
    body: nothing,
    status: 204,
  },
  listInvitations: {
    method: "GET",
    path: "/invitations",
    summary: "Invitations that were not taken yet.",
    access: adminPerson,
    status: 200,
    reply: z.strictObject({ items: z.array(invitation) }),
  },
  invite: {
    method: "POST",
    path: "/invitations",
    summary: "Invite somebody: by mail where mail is set up, and by a link that is shown once.",
    access: adminPerson,
    body: z.strictObject({
      mail: mail.optional(),
      role: z.enum(["user", "admin"]).default("user"),
    }),
    status: 201,
    reply: z.strictObject({ invitation, link: z.string(), isMailed: z.boolean() }),
  },
  takeBackInvitation: {
    method: "DELETE",
    path: "/invitations/{id}",
    summary: "Take an invitation back.",
    access: adminPerson,
    status: 204,
  },

  listAdapters: {
    method: "GET",
    path: "/adapters",
    summary: "Rules of the operator and built-in ones, with how often each was used.",
    access: adminMay("service:read"),
    status: 200,
    reply: z.strictObject({ items: z.array(adapter) }),
  },
  addAdapter: {
    method: "POST",
    path: "/adapters",
    summary: "Save a rule, with recorded requests that it must match.",
    access: adminMay("service:write"),
    body: z.strictObject({
      rule: z.string().max(20_000),
      state: z.enum(["shadow", "enabled"]).default("shadow"),
    }),
    status: 201,
    reply: adapter,
  },
  changeAdapter: {
    method: "PATCH",
    path: "/adapters/{id}",
    summary: "Try, enable or disable a rule.",
    access: adminMay("service:write"),
    body: z.strictObject({ state: z.enum(["shadow", "enabled", "disabled"]) }),
    status: 200,
    reply: adapter,
  },
  deleteAdapter: {
    method: "DELETE",
    path: "/adapters/{id}",
    summary: "Remove a rule of the operator.",
    access: adminMay("service:write"),
    status: 204,
  },
  testAdapter: {
    method: "POST",
    path: "/adapters/test",
    summary: "What would become of a raw request, a curl command line or a URL. Changes nothing.",
    access: adminMay("service:read"),
    body: z.strictObject({
      /** Empty: the first that the rule was recorded from. */
      request: z.string().max(20_000),
      rule: z.string().max(20_000).optional(),
    }),
    status: 200,
    reply: lab,
  },
  proposeRule: {
    method: "POST",
    path: "/adapters/propose",
    summary:
      "A rule for a request of yours, as YAML, with the request as its test, secrets masked.",
    access: adminMay("service:read"),
    body: z.strictObject({ request: z.string().max(20_000) }),
    status: 200,
    reply: z.strictObject({ rule: z.string() }),
  },
  listAdapterRequests: {
    method: "GET",
    path: "/adapters/{id}/requests",
    summary: "What a rule of the operator did lately, or would have done while on trial.",
    access: adminMay("service:read"),
    status: 200,
    reply: z.strictObject({
      items: z.array(
        z.strictObject({
          at: time,
          peer: z.string(),
          device: z.string(),
          asked: z.string(),
          outcome: z.string(),
          says: z.string(),
        }),
      ),
    }),
  },
  listUnmatched: {
    method: "GET",
    path: "/adapters/unmatched",
    summary: "Shapes of requests that no rule matched.",
    access: adminMay("service:read"),
    status: 200,
    reply: z.strictObject({
      items: z.array(
        z.strictObject({
          id,
          shape: z.string(),
          sample: z.string(),
          requests: z.number().int(),
          firstAt: time,
          lastAt: time,
        }),
      ),
    }),
  },
  proposeAdapter: {
    method: "POST",
    path: "/adapters/unmatched/{id}/propose",
    summary: "A rule for a shape, as YAML.",
    access: adminMay("service:read"),
    body: nothing,
    status: 200,
    reply: z.strictObject({ rule: z.string() }),
  },
  forgetUnmatched: {
    method: "DELETE",
    path: "/adapters/unmatched/{id}",
    summary: "Forget a shape.",
    access: adminMay("service:write"),
    status: 204,
  },

  getOverview: {
    method: "GET",
    path: "/overview",
    summary: "What the operator looks at first; counters in memory.",
    access: adminMay("service:read"),
    status: 200,
    reply: z.strictObject({
      version: z.string(),
      upSeconds: z.number(),
      sizes: z.record(z.string(), z.number()),
      hostStates: z.record(
        z.enum(["waiting", "current", "quiet", "silent", "held", "fixed"]),
        z.number().int(),
      ),
      updates: z.record(z.string(), z.number()),
      dnsQueries: z.number(),
      checkips: z.number(),
      /** Running totals in the operator's words, as the event `counters` has them. */
      counters: z.record(z.string(), z.number()),
      /** From a change to its being on disk, in milliseconds, since the start: not above this. Null: not known. */
      commit: z.strictObject({ p50Ms: z.number().nullable(), p99Ms: z.number().nullable() }),
      store: z.strictObject({ state: z.string(), why: z.string().nullable() }),
      noisiest: z.array(
        z.strictObject({
          name: z.string(),
          peer: z.string(),
          device: z.string(),
          refused: z.number().int(),
          outcome: z.string(),
        }),
      ),
      checks: z.array(
        z.strictObject({
          name: z.string(),
          isGood: z.boolean(),
          says: z.string(),
          fix: z.string().nullable(),
        }),
      ),
    }),
  },
  listHeld: {
    method: "GET",
    path: "/held",
    summary: "Hosts that are held, and signals that somebody should look at.",
    access: adminMay("service:read"),
    status: 200,
    reply: z.strictObject({
      items: z.array(
        z.strictObject({
          host: hostName,
          owner: userName,
          why: z.string(),
          by: z.string(),
          at: time,
        }),
      ),
      signals: z.array(
        z.strictObject({
          what: z.string(),
          host: hostName.nullable(),
          owner: userName.nullable(),
          at: time,
        }),
      ),
    }),
  },
  listSettings: {
    method: "GET",
    path: "/settings",
    summary: "Every setting with the origin of its value.",
    access: adminMay("service:read"),
    status: 200,
    reply: z.strictObject({ items: z.array(setting) }),
  },
  changeSettings: {
    method: "PATCH",
    path: "/settings",
    summary: "Change settings that may change at run time.",
    access: freshAdmin,
    body: z.record(z.string().max(60), z.string().max(20_000).nullable()),
    status: 200,
    reply: z.strictObject({ items: z.array(setting) }),
  },
  setLogo: {
    method: "PUT",
    path: "/brand/logo",
    summary: "The logo: PNG or SVG without scripts, at most 100 KB.",
    access: adminPerson,
    bodyTypes: ["image/png", "image/svg+xml"],
    bodyOctetsMax: 100 * 1_024,
    status: 204,
  },
  removeLogo: {
    method: "DELETE",
    path: "/brand/logo",
    summary: "Remove the logo.",
    access: adminPerson,
    status: 204,
  },
  sendTestMail: {
    method: "POST",
    path: "/settings/test-mail",
    summary: "Send a mail to yourself.",
    access: adminPerson,
    body: nothing,
    status: 200,
    reply: z.strictObject({ isGood: z.boolean(), says: z.string() }),
  },
  listAudit: {
    method: "GET",
    path: "/audit",
    summary: "What people did, newest first. `q` filters: actor:, action:, target:, words.",
    access: adminMay("service:read"),
    query: pageQuery.extend({ q: z.string().max(300).optional() }),
    status: 200,
    reply: page(auditEntry),
  },
  exportAudit: {
    method: "GET",
    path: "/audit/export",
    summary:
      "The audit log as a file, newest first, filtered as the list is. NDJSON has the hashes.",
    access: adminMay("service:read"),
    query: z.strictObject({
      q: z.string().max(300).optional(),
      format: z.enum(["ndjson", "csv"]).default("ndjson"),
    }),
    status: 200,
    streams: "application/x-ndjson",
  },
  checkAudit: {
    method: "GET",
    path: "/audit/check",
    summary: "Whether the chain of hashes holds.",
    access: adminMay("service:read"),
    status: 200,
    reply: z.strictObject({
      isGood: z.boolean(),
      entries: z.number().int(),
      brokenAt: id.nullable(),
    }),
  },

  listOwnAudit: {
    method: "GET",
    path: "/account/audit",
    summary: "What was done with the own account.",
    access: person,
    query: pageQuery,
    status: 200,
    reply: page(auditEntry),
  },
  listChannels: {
    method: "GET",
    path: "/channels",
    summary: "Where the own account is told of things.",
    access: person,
    status: 200,
    reply: z.strictObject({ items: z.array(channel) }),
  },
  addChannel: {
    method: "POST",
    path: "/channels",
    summary: "Be told by mail or by webhook. The secret that signs webhooks is shown once.",
    access: person,
    body: z.strictObject({
      kind: z.enum(["mail", "webhook"]),
      target: z.string().min(3).max(2_000),
      events: z.array(z.enum(notificationKinds)).min(1),
    }),
    status: 201,
    reply: z.strictObject({ channel, secret: z.string().nullable() }),
  },
  changeChannel: {
    method: "PATCH",
    path: "/channels/{id}",
    summary: "Change of what a channel tells.",
    access: person,
    body: z.strictObject({ events: z.array(z.enum(notificationKinds)).min(1) }),
    status: 200,
    reply: channel,
  },
  deleteChannel: {
    method: "DELETE",
    path: "/channels/{id}",
    summary: "Be told there no longer.",
    access: person,
    status: 204,
  },
  testChannel: {
    method: "POST",
    path: "/channels/{id}/test",
    summary: "Tell a test.",
    access: person,
    body: nothing,
    status: 200,
    reply: delivery,
  },
  listDeliveries: {
    method: "GET",
    path: "/channels/{id}/deliveries",
    summary: "What was told there, newest first.",
    access: person,
    query: pageQuery,
    status: 200,
    reply: page(delivery),
  },
  redeliver: {
    method: "POST",
    path: "/channels/{id}/deliveries/{delivery}/again",
    summary: "Tell it again.",
    access: person,
    body: nothing,
    status: 200,
    reply: delivery,
  },

  listGuides: {
    method: "GET",
    path: "/guides",
    summary: "Guides for devices.",
    access: may("hosts:read"),
    status: 200,
    reply: z.strictObject({
      items: z.array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          kind: z.string(),
          words: z.array(z.string()),
        }),
      ),
    }),
  },
  getGuide: {
    method: "GET",
    path: "/guides/{id}",
    summary: "One guide, with the values of a host filled in.",
    access: may("hosts:read"),
    query: z.strictObject({ host: hostName.optional(), username: z.string().max(255).optional() }),
    status: 200,
    reply: z.strictObject({
      id: z.string(),
      name: z.string(),
      kind: z.string(),
      firmware: z.string(),
      verified: z.string().nullable(),
      menu: z.string(),
      fields: z.array(
        z.strictObject({
          label: z.string(),
          value: z.string(),
          note: z.string().nullable(),
          isSecret: z.boolean(),
        }),
      ),
      quirks: z.array(z.string()),
      warnings: z.array(z.string()),
      adapter: z.string(),
      text: z.string().nullable(),
      /** Of a decision tree: the first question that is answered with yes ends it. */
      steps: z.array(z.strictObject({ question: z.string(), advice: z.string() })),
    }),
  },
} as const satisfies Record<string, Route>;
