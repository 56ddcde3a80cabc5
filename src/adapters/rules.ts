/** The rule table. First match wins among the rules of a path, so the specific stands before the general. */

import type { Match, Rule, UpdateMapping } from "./rule.ts";

const getOrPost = ["GET", "POST"] as const;
const readOnly = ["GET", "HEAD", "POST"] as const;

const founding: UpdateMapping = {
  hosts: ["hostname", "hostnames", "host", "host_id", "domain", "domains"],
  addresses: [
    "myip",
    "myipv4",
    "ip",
    "ipv4",
    "ip4",
    "ipaddr",
    "ipaddress",
    "address",
    "myipv6",
    "ipv6",
    "ip6",
    "ip6addr",
  ],
  offline: ["offline"],
  credential: { kind: "basic" },
};

/** At `/` a request that carries any of these wants more than its address, and is not told one. */
const updateKeys = [...founding.hosts, "myip", "myipv6", "fqdn", "token", "password"];

export const rules: readonly Rule[] = [
  {
    id: "mint",
    match: { methods: getOrPost, paths: ["/nic/update/default.aspx", "/nic/update/default"] },
    operation: "update",
    mapping: founding,
    dialect: "mint",
  },
  {
    id: "dyndns",
    match: {
      methods: getOrPost,
      paths: ["/nic/update", "/v2/update", "/v3/update", "/dyndns/update"],
    },
    operation: "update",
    mapping: founding,
    dialect: "dyndns",
  },
  {
    id: "mint-user",
    match: { methods: readOnly, paths: ["/client/usercheck"] },
    operation: "check-user",
    credential: { kind: "basic" },
    dialect: "mint-user",
  },
  {
    id: "mint-xml",
    match: { methods: readOnly, paths: ["/client/domlook"] },
    operation: "list-hosts",
    credential: { kind: "basic" },
    dialect: "mint-xml",
  },
  {
    id: "checkip-plain",
    match: { methods: readOnly, paths: ["/ipcheck", "/ip", "/myip", "/text"] },
    operation: "detect-address",
    dialect: "checkip-plain",
  },
  plainAtRoot("checkip-plain-host", { hostPrefixes: ["myip.", "ip."] }),
  plainAtRoot("checkip-plain-accept", { header: { name: "accept", value: "text/plain" } }),
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
