/** What is my address, and what services have at `/`. */

import type { CredentialMapping, Match, Rule, UpdateMapping } from "../rule.ts";
import { basic, founding, getOrPost, hostKeys, readOnly } from "./synonyms.ts";

/** At `/` a request that carries any of these wants more than its address, and is not told one. */
const updateKeys = [...hostKeys, "myip", "myipv4", "myipv6", "fqdn", "token", "password"];

/** do.de and deSEC's plug-in in inadyn have their pair in the query; deSEC's own clients send a token in the head. */
const credential: CredentialMapping = [
  ...basic,
  { kind: "bearer" },
  { kind: "parameters", usernames: ["username"], passwords: ["password"] },
];

const update: UpdateMapping = {
  ...founding,
  prefixes: ["ip6lanprefix", "ipv6prefix"],
  challenge: { values: ["txt"], clear: ["clear"] },
  credential,
};

/** Services that are updated at `/`. Without a credential they challenge: OpenWrt's wget sends its own only then. */
const updateRules: readonly Rule[] = [
  {
    // The token is in the query, in ddclient 4 and OpenWrt alike.
    id: "regfish",
    match: { methods: getOrPost, paths: ["/"], keys: ["fqdn", "token"] },
    operation: "update",
    mapping: {
      hosts: ["fqdn"],
      addresses: ["ipv4", "ipv6"],
      offline: [],
      credential: [{ kind: "secret", form: "token", parameters: ["token"] }],
      isAllOrNothing: true,
    },
    dialect: "regfish",
  },
  {
    // inadyn's dhis: the password of one host, in the query, and no user.
    id: "dhis",
    match: {
      methods: getOrPost,
      paths: ["/"],
      keys: ["hostname", "password"],
      absentKeys: ["username"],
    },
    operation: "update",
    mapping: {
      ...founding,
      addresses: ["ipaddr"],
      credential: [...basic, { kind: "secret", form: "token", parameters: ["password"] }],
    },
    dialect: "dyndns",
  },
  {
    // all-inkl, core-networks, do.de, deSEC, Loopia, no-ip.pl.
    id: "root",
    match: {
      methods: getOrPost,
      paths: ["/"],
      anyKeys: ["hostname", "myip", "myipv4", "myipv6"],
    },
    operation: "update",
    mapping: update,
    dialect: "dyndns",
  },
  {
    // OpenWrt's dhis asks for nothing and sends Basic only when challenged.
    id: "dhis-host",
    match: { methods: getOrPost, paths: ["/"], hosts: ["*.dhis.org"], absentKeys: updateKeys },
    operation: "update",
    mapping: update,
    dialect: "dyndns",
  },
  {
    // A UniFi gateway whose setting lacks a path, and whoever else shows a credential where addresses are told without.
    id: "root-login",
    match: {
      methods: getOrPost,
      paths: ["/"],
      headers: [{ name: "authorization" }],
      absentKeys: updateKeys,
    },
    operation: "update",
    mapping: update,
    dialect: "dyndns",
  },
];

export const rootRules: readonly Rule[] = [
  ...updateRules,
  {
    id: "checkip-plain",
    match: { methods: readOnly, paths: ["/ipcheck", "/ip", "/myip", "/text"] },
    operation: "detect-address",
    dialect: "checkip-plain",
  },
  plainAtRoot("checkip-plain-host", { hosts: ["myip*", "ip.*"] }),
  plainAtRoot("checkip-plain-accept", { headers: [{ name: "accept", value: "text/plain" }] }),
  {
    id: "checkip-html",
    match: { methods: readOnly, paths: ["/checkip", "/dynamic/check"] },
    operation: "detect-address",
    dialect: "checkip-html",
  },
  {
    // Dyn's check page, and what is left of TVT's probe once its glued version is cut off.
    id: "checkip-html-root",
    match: { methods: readOnly, paths: ["/"], absentKeys: updateKeys },
    operation: "detect-address",
    dialect: "checkip-html",
  },
];

function plainAtRoot(id: string, condition: Partial<Match>): Rule {
  return {
    id,
    match: { methods: readOnly, paths: ["/"], absentKeys: updateKeys, ...condition },
    operation: "detect-address",
    dialect: "checkip-plain",
  };
}
