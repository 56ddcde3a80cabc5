/** The path of Dyn, of those who took it over, and of those who put a dialect of their own at it. */

import type { CredentialMapping, Rule, UpdateMapping } from "../rule.ts";
import { addressKeys, basic, founding, getOrPost, hostKeys } from "./synonyms.ts";

const updatePaths = ["/nic/update"];

/** Where nothing but dyndns2 is spoken, in the words of Dyn. */
const plainPaths = [
  ...updatePaths,
  "/v2/update",
  "/v3/update",
  "/nic/dyndns",
  "/nic/statdns",
  "/dyndns/update", // 3322
  "/dyndns",
  "/ph/update", // Oray
  "/xdyndnsserver/xdyndns", // Loopia
];

const authorization: CredentialMapping = [
  ...basic,
  { kind: "bearer" }, // deSEC's, at any path of theirs
];

const dyndns: UpdateMapping = {
  ...founding,
  hosts: [...hostKeys, "group"], // HP's routers name a group
  prefixes: ["ip6lanprefix", "ipv6prefix"],
  offline: ["offline", { key: "cmd", words: ["offline"] }],
  challenge: { values: ["txt"], clear: ["clear"] }, // a text must never move an address
  credential: authorization,
};

/** Names of a user in a query: who sends one has no key that stands alone. */
const userKeys = ["username", "user", "u", "login", "uid"] as const;

/** `hostname` and `password` and no user: the key of one record. HE's documented form, by GET or POST. */
const he: UpdateMapping = {
  ...dyndns,
  credential: [...basic, { kind: "secret", form: "token", parameters: ["password"] }],
};

/** Its path is that of dyndns2, so the order here is that of the catalogue: the narrower first. */
export const dyndnsRules: readonly Rule[] = [
  {
    // ddclient's `dyndns1`, and dslreports1, which numbers its hosts: a number is a host's first label.
    id: "dyndns1",
    match: {
      methods: getOrPost,
      paths: ["/nic/dyndns", "/nic/statdns"],
      values: [{ key: "action", oneOf: ["edit"] }],
    },
    operation: "update",
    mapping: {
      ...founding,
      hosts: ["host_id", "hostname"],
      naming: "label",
      isAllOrNothing: true,
    },
    dialect: "dyndns1",
  },
  {
    // ez-ipupdate's dhs and Comware's template: label and domain apart, and only one domain there ever was.
    id: "dhs",
    match: {
      methods: getOrPost,
      paths: ["/nic/hosts"],
      values: [{ key: "hostscmd", oneOf: ["edit"] }],
    },
    operation: "update",
    mapping: { ...founding, hosts: ["hostname"], naming: "label", isAllOrNothing: true },
    dialect: "http-status",
  },
  {
    // ASUS' routers. Their password changes with host and address; where one is set by hand, this is its dialect.
    id: "asus",
    match: { methods: getOrPost, paths: ["/ddns/update", "/ddns/register"] },
    operation: "update",
    mapping: { ...founding, isAllOrNothing: true },
    dialect: "asus-status",
  },
  {
    id: "dyfi",
    match: {
      methods: getOrPost,
      paths: updatePaths,
      hosts: ["*dy.fi"],
      absentKeys: [...addressKeys, "txt"],
    },
    operation: "update",
    mapping: { ...founding, addresses: [] },
    dialect: "dyfi",
  },
  {
    id: "he-host",
    match: { methods: getOrPost, paths: updatePaths, hosts: ["dyn.dns.he.net"] },
    operation: "update",
    mapping: he,
    dialect: "he",
  },
  {
    id: "he",
    match: {
      methods: getOrPost,
      paths: updatePaths,
      keys: ["hostname", "password"],
      absentKeys: userKeys,
    },
    operation: "update",
    mapping: he,
    dialect: "he",
  },
  {
    // The updaters of ipv64.net send their token in the query, in inadyn and OpenWrt alike.
    id: "ipv64",
    match: { methods: getOrPost, paths: updatePaths, anyKeys: ["token", "key"] },
    operation: "update",
    mapping: {
      ...founding,
      credential: [{ kind: "secret", form: "token", parameters: ["token", "key"] }, ...basic],
      isAllOrNothing: true,
    },
    dialect: "any-200",
  },
  {
    // OpenWrt's changeip has its pair in the query beside the Basic that wget keeps back.
    id: "changeip-query",
    match: { methods: getOrPost, paths: updatePaths, keys: ["u", "p"] },
    operation: "update",
    mapping: {
      ...dyndns,
      credential: [...basic, { kind: "parameters", usernames: ["u"], passwords: ["p"] }],
      isAllOrNothing: true,
    },
    dialect: "changeip",
  },
  // Spdyn and Joker have no other place for their pair than the query, and dynu's template in OpenWrt neither.
  withPair("spdyn", "user", "pass"),
  withPair("dynu", "username", "password"),
  {
    id: "noip",
    match: {
      methods: getOrPost,
      paths: updatePaths,
      values: [{ key: "system", oneOf: ["noip"] }],
    },
    operation: "update",
    mapping: dyndns,
    dialect: "dyndns",
  },
  {
    id: "noip-host",
    match: { methods: getOrPost, paths: updatePaths, hosts: ["*no-ip*", "*noip.com"] },
    operation: "update",
    mapping: dyndns,
    dialect: "dyndns",
  },
  {
    id: "dyndns-txt",
    match: { methods: getOrPost, paths: plainPaths, keys: ["txt"] },
    operation: "update",
    mapping: dyndns,
    dialect: "dyndns",
  },
  {
    // ddclient's changeip: `ip` and nothing that another client would send for an address.
    id: "changeip",
    match: {
      methods: getOrPost,
      paths: updatePaths,
      keys: ["ip"],
      absentKeys: addressKeys.filter((key) => key !== "ip"),
    },
    operation: "update",
    mapping: { ...dyndns, isAllOrNothing: true },
    dialect: "changeip",
  },
  {
    // Recorders of HiView, and No-IP's older form: neither has another place for its pair.
    id: "hiview",
    match: { methods: getOrPost, paths: ["/dns"], keys: ["hostname", "username"] },
    operation: "update",
    mapping: {
      ...dyndns,
      credential: [
        ...basic,
        { kind: "parameters", usernames: ["username"], passwords: ["password"] },
      ],
    },
    dialect: "dyndns",
  },
  {
    id: "dyndns",
    match: {
      methods: getOrPost,
      paths: plainPaths,
    },
    operation: "update",
    mapping: dyndns,
    dialect: "dyndns",
  },
];

function withPair(id: string, username: string, password: string): Rule {
  return {
    id,
    match: { methods: getOrPost, paths: updatePaths, keys: [username, password] },
    operation: "update",
    mapping: {
      ...dyndns,
      credential: [...basic, { kind: "parameters", usernames: [username], passwords: [password] }],
    },
    dialect: "dyndns",
  };
}
