/**
 * Services whose clients send a secret without a user name, plain or as MD5, and can do no other: each rule says
 * which clients. A login accepts it only where its owner asked for that.
 */

import type { CredentialMapping, Match, Rule, UpdateMapping, UpdateRule } from "../rule.ts";
import { getOrPost } from "./synonyms.ts";

export const vendorSecretRules: readonly Rule[] = [
  {
    // ddclient 4 (dnsexit2), curl scripts. HiView recorders have this path too, and name a user.
    id: "dnsexit2",
    match: { methods: ["POST"], paths: ["/dns"], absentKeys: ["username"] },
    operation: "facade",
    dialect: "dnsexit2",
  },
  // DNSExit's short form for scripts: curl, wget.
  secret(
    "dnsexit-ud",
    { paths: ["/dns/ud"] },
    { hosts: ["host"], addresses: ["ip"], credential: alone("token", "apikey") },
    "dnsexit-json",
  ),
  // Hurricane Electric's tunnel broker, by number: ez-ipupdate and DD-WRT, OpenWrt (6in4), inadyn. `wget` sends Basic.
  secret(
    "tunnel-broker",
    { paths: ["/ipv4_end"] },
    {
      hosts: ["tid", "tunnel_id"],
      naming: "label",
      addresses: ["ip", "ipv4b"],
      credential: alone("md5", "pass"),
    },
    "tunnel-broker",
  ),
  // DuiaDNS: inadyn and its own scripts.
  secret(
    "duia",
    { paths: ["/dynamic.duia"] },
    { hosts: ["host"], addresses: ["ip4", "ip6"], credential: alone("md5", "password") },
    "duia",
  ),
  // Key-Systems, Moniker, domaindiscount24: ddclient, inadyn, OpenWrt.
  secret(
    "keysys",
    { paths: ["/update.php"], keys: ["hostname", "password"] },
    {
      hosts: ["hostname"],
      addresses: ["ip", "ip6", "myip"],
      credential: alone("token", "password"),
    },
    "keysys",
  ),
  // eNom: ddclient 4.
  secret(
    "enom",
    { paths: ["/interface"], values: [{ key: "command", oneOf: ["setdnshost"] }] },
    {
      hosts: ["hostname"],
      domains: ["zone"],
      addresses: ["address"],
      credential: alone("token", "domainpassword"),
    },
    "enom",
  ),
  // IONOS: routers and curl are given a URL with a token in it; it names no host.
  secret(
    "ionos",
    { paths: ["/dns/v1/dyndns"] },
    { hosts: [], addresses: ["ipv4", "ipv6"], credential: alone("token", "q") },
    "any-200",
  ),
  // ddo.jp: OpenWrt and scripts; `dn` is the whole name or its first label.
  secret(
    "ddo",
    { paths: ["/dnsupdate"] },
    {
      hosts: ["dn", "domain"],
      naming: "label",
      addresses: ["ip"],
      credential: alone("token", "pw"),
    },
    "ddo",
  ),
];

/** One word for all hosts, so all or none of them. */
function secret(
  id: string,
  match: Omit<Match, "methods">,
  mapping: Omit<UpdateMapping, "offline" | "isAllOrNothing">,
  dialect: UpdateRule["dialect"],
): UpdateRule {
  return {
    id,
    match: { methods: getOrPost, ...match },
    operation: "update",
    mapping: { ...mapping, offline: ["offline"], isAllOrNothing: true },
    dialect,
  };
}

function alone(form: "token" | "md5", parameter: string): CredentialMapping {
  return [{ kind: "basic" }, { kind: "secret", form, parameters: [parameter] }];
}
