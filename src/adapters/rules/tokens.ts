/**
 * Services with a token or a query of their own: DuckDNS, FreeDNS, dynv6 and their like. Their clients send the
 * secret in the query or the path and cannot do otherwise; each needs a login that accepts it standing alone.
 */

import { freednsAddressKeys } from "../dialects/freedns.ts";
import { freednsKeyNames } from "../dialects/freedns-list.ts";
import type { CredentialMapping, CredentialSource, Rule, UpdateMapping } from "../rule.ts";
import { addressKeys, basic, founding, getOrPost } from "./synonyms.ts";

/** One word answers for all hosts, so either all are as asked or none is. */
const together = { offline: [], isAllOrNothing: true } as const;

function token(...parameters: readonly string[]): CredentialMapping {
  return [{ kind: "secret", form: "token", parameters }];
}

const duck = {
  ...together,
  hosts: ["domains"],
  naming: "label",
  addresses: addressKeys,
  credential: token("token"),
} as const satisfies UpdateMapping;

const duckRules: readonly Rule[] = [
  {
    // DuckDNS, for routers that cannot send a query: `/update/cam1/TOKEN/192.0.2.7`.
    id: "duck-path",
    match: {
      methods: getOrPost,
      paths: ["/update/{domains}/{token}", "/update/{domains}/{token}/{ip}"],
    },
    operation: "update",
    mapping: {
      ...duck,
      hosts: ["{domains}"],
      addresses: ["{ip}"],
      credential: token("{token}"),
    },
    dialect: "duck",
  },
  {
    // acme.sh and lego: `txt=VALUE`, and `txt=&clear=true` to take it away.
    id: "duck-txt",
    match: { methods: getOrPost, paths: ["/update"], keys: ["domains", "token", "txt"] },
    operation: "update",
    mapping: { ...duck, challenge: { values: ["txt"], clear: ["clear"] } },
    dialect: "duck",
  },
  {
    // It "ignores all IPs and clears both records": with an address beside it too.
    id: "duck-clear",
    match: {
      methods: getOrPost,
      paths: ["/update"],
      keys: ["domains", "token"],
      values: [{ key: "clear", oneOf: ["true", "yes", "1"] }],
    },
    operation: "update",
    mapping: { ...duck, addresses: [], offline: ["clear"] },
    dialect: "duck",
  },
  {
    id: "duck",
    match: { methods: getOrPost, paths: ["/update"], keys: ["domains", "token"] },
    operation: "update",
    mapping: duck,
    dialect: "duck",
  },
];

const freemyipRule: Rule = {
  id: "freemyip",
  match: { methods: getOrPost, paths: ["/update"], keys: ["token", "domain"] },
  operation: "update",
  mapping: {
    ...together,
    hosts: ["domain"],
    addresses: addressKeys,
    offline: ["delete"],
    // To take the text away acme.sh leaves it empty, and lego writes `null`.
    challenge: { values: ["txt"], clear: [{ key: "txt", words: ["", "null"] }] },
    credential: token("token"),
  },
  dialect: "word-ok",
};

/** What stands at `/update` beside them, the specific before the general. */
const updatePathRules: readonly Rule[] = [
  {
    id: "namecheap",
    match: { methods: getOrPost, paths: ["/update"], keys: ["host", "domain", "password"] },
    operation: "update",
    mapping: {
      ...together,
      hosts: ["host"],
      domains: ["domain"],
      addresses: ["ip"],
      credential: token("password"),
    },
    dialect: "namecheap-xml",
  },
  {
    id: "njalla",
    match: { methods: getOrPost, paths: ["/update"], keys: ["h", "k"] },
    operation: "update",
    mapping: {
      ...together,
      hosts: ["h"],
      addresses: ["a", "aaaa"],
      detected: [{ key: "auto", words: ["", "1", "true"] }],
      credential: token("k"),
    },
    dialect: "njalla-json",
  },
  {
    // dnsmax and thatip, as inadyn has them.
    id: "thatip",
    match: { methods: getOrPost, paths: ["/update"], keys: ["updatehostname"] },
    operation: "update",
    mapping: {
      hosts: ["updatehostname"],
      addresses: addressKeys,
      offline: [],
      credential: [...basic, pair("username", "password")],
    },
    dialect: "echo-ip",
  },
  {
    // selfHOST, whose `hostname=1` is the host of the login, and deSEC.
    id: "update-query",
    match: { methods: getOrPost, paths: ["/update"], keys: ["username", "password"] },
    operation: "update",
    mapping: { ...founding, credential: [...basic, pair("username", "password")] },
    dialect: "dyndns",
  },
  {
    // euroDNS, now-dns, twoDNS, deSEC with a token in the header, and our own protocol.
    id: "update",
    match: { methods: getOrPost, paths: ["/update"] },
    operation: "update",
    mapping: { ...founding, credential: [...basic, { kind: "bearer" }] },
    dialect: "dyndns",
  },
];

const dynv6Rule: Rule = {
  id: "dynv6",
  match: {
    methods: getOrPost,
    paths: ["/api/update"],
    keys: ["token"],
    anyKeys: ["hostname", "zone"],
  },
  operation: "update",
  mapping: {
    ...together,
    hosts: ["hostname", "zone"],
    addresses: ["ipv4", "ipv6"],
    prefixes: ["ipv6prefix"],
    withdrawn: [
      { key: "ipv4", word: "-", family: 4 },
      { key: "ipv6", word: "-", family: 6 },
    ],
    detected: [
      { key: "ipv4", words: ["auto"] },
      { key: "ipv6", words: ["auto"] },
    ],
    credential: token("token"),
  },
  dialect: "dynv6",
};

const freednsKey: CredentialSource = {
  kind: "secret",
  form: "sha1",
  parameters: [freednsKeyNames.proof],
};

const freedns = {
  ...together,
  addresses: freednsAddressKeys,
} as const satisfies Partial<UpdateMapping>;

const freednsRules: readonly Rule[] = [
  {
    // ddclient and inadyn: `sha` is SHA-1 of `user|password`, and inadyn writes the user's name in lower case.
    id: "freedns-list",
    match: {
      methods: getOrPost,
      paths: ["/api"],
      keys: [freednsKeyNames.proof],
      values: [{ key: "action", oneOf: ["getdyndns"] }],
    },
    operation: "list-hosts",
    credential: [freednsKey],
    dialect: "freedns-list",
  },
  {
    // A URL from that list.
    id: "freedns-listed",
    match: {
      methods: getOrPost,
      paths: ["/dynamic/update"],
      keys: [freednsKeyNames.proof, freednsKeyNames.host],
    },
    operation: "update",
    mapping: { ...freedns, hosts: [freednsKeyNames.host], credential: [freednsKey] },
    dialect: "freedns",
  },
  {
    id: "freedns",
    match: { methods: getOrPost, paths: ["/dynamic/update"] },
    operation: "update",
    mapping: { ...freedns, hosts: [], credential: [{ kind: "bare-key" }] },
    dialect: "freedns",
  },
  {
    id: "freedns2-token",
    match: { methods: getOrPost, paths: ["/u/{token}"] },
    operation: "update",
    mapping: { ...freedns, hosts: ["h"], credential: token("{token}") },
    dialect: "freedns2",
  },
  {
    id: "freedns2",
    match: { methods: getOrPost, paths: ["/u"], keys: ["h"] },
    operation: "update",
    mapping: { ...freedns, hosts: ["h"], credential: [...basic, pair("u", "p")] },
    dialect: "freedns2",
  },
];

const otherRules: readonly Rule[] = [
  {
    // YDNS.
    id: "ydns",
    match: { methods: getOrPost, paths: ["/api/v1/update"] },
    operation: "update",
    mapping: founding,
    dialect: "dyndns",
  },
  {
    // 1984 Hosting, as ddclient has it.
    id: "1984",
    match: { methods: getOrPost, paths: ["/1.0/freedns"], keys: ["apikey", "domain"] },
    operation: "update",
    mapping: { ...together, hosts: ["domain"], addresses: ["ip"], credential: token("apikey") },
    dialect: "1984-json",
  },
  {
    // system-ns.com, as OpenWrt and ddupdate have it.
    id: "system-ns",
    match: {
      methods: getOrPost,
      paths: ["/api"],
      keys: ["domain", "token"],
      values: [
        { key: "type", oneOf: ["dynamic"] },
        { key: "command", oneOf: ["set"] },
      ],
    },
    operation: "update",
    mapping: { ...together, hosts: ["domain"], addresses: ["ip"], credential: token("token") },
    dialect: "system-ns",
  },
];

export const tokenRules: readonly Rule[] = [
  ...duckRules,
  freemyipRule,
  ...updatePathRules,
  dynv6Rule,
  ...freednsRules,
  ...otherRules,
];

function pair(username: string, password: string): CredentialSource {
  return { kind: "parameters", usernames: [username], passwords: [password] };
}
