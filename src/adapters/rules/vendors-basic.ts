/** Services with a path of their own whose clients send Basic and nothing in the query. */

import type { Match, Rule, UpdateMapping, UpdateRule } from "../rule.ts";
import { basic, founding, getOrPost } from "./synonyms.ts";

export const vendorBasicRules: readonly Rule[] = [
  {
    // ddclient and OpenWrt (generic), inadyn (dynsite), ez-ipupdate, Tomato, inadyn 1.x (dyndns): one word for all.
    id: "easydns",
    match: {
      methods: getOrPost,
      paths: ["/dyn/generic", "/dyn/dynsite", "/dyn/ez-ipupdate", "/dyn/tomato", "/dyn/dyndns"],
    },
    operation: "update",
    mapping: { ...byBasic(["hostname", "host_id"], ["myip"]), isAllOrNothing: true },
    dialect: "easydns",
  },
  {
    // ddclient sends several hosts and their zone; a host may be written without it.
    id: "zoneedit",
    match: { methods: getOrPost, paths: ["/auth/dynamic"] },
    operation: "update",
    mapping: { ...byBasic(["host"], ["dnsto"]), domains: ["zone"] },
    dialect: "zoneedit",
  },
  // hn.org: ez-ipupdate names no host.
  one("hn", { paths: ["/vanity/update"] }, byBasic([], ["ip"]), "hn"),
  // ez-ip.net: ez-ipupdate reads the status.
  one("ezip", { paths: ["/members/update"] }, byBasic(["host"], ["ipaddress"]), "http-status"),
  // IPFire names the host `domain`.
  one(
    "dnspark",
    { paths: ["/api/dynamic/update"] },
    { ...byBasic(["hostname", "domain"], ["ip"]), isAllOrNothing: true },
    "dnspark",
  ),
  // simply.com: OpenWrt, inadyn, curl scripts. `hostname=@` is the domain itself.
  one(
    "simply",
    { paths: ["/2/ddns"] },
    { ...byBasic(["hostname"], ["myip"]), domains: ["domain"] },
    "dyndns",
  ),
  // dnsdynamic.org; FreeDNS and system-ns have `/api` too, and other keys there.
  one(
    "dnsdynamic",
    { paths: ["/api"], keys: ["hostname"], absentKeys: ["action", "type", "token"] },
    byBasic(["hostname"], ["myip"]),
    "dyndns",
  ),
  // dnshome.de: inadyn names the host `u`, OpenWrt `hostname`.
  one(
    "dnshome",
    { paths: ["/dyndns.php"] },
    { ...founding, hosts: [...founding.hosts, "u"] },
    "echo-ip",
  ),
  {
    // Mythic Beasts: ddclient and curl post nothing, Home Assistant posts name and password as a form.
    id: "mythic",
    match: { methods: ["GET", "POST", "PUT"], paths: ["/dns/v2/dynamic/{host}"] },
    operation: "update",
    mapping: {
      ...byBasic(["{host}"], founding.addresses),
      credential: [
        ...basic,
        { kind: "parameters", usernames: ["username"], passwords: ["password"] },
      ],
    },
    dialect: "any-200",
  },
  // Scripts that stand where Dyn's path would: host and address as there.
  one(
    "update-php",
    { paths: ["/update.php"], anyKeys: ["hostname", "myip"], absentKeys: ["password"] },
    founding,
    "dyndns",
  ),
  {
    // dnsever.com: inadyn, wget. `host[NAME]=IP`, or no more than `host[NAME]`.
    id: "dnsever",
    match: { methods: getOrPost, paths: ["/update.php"], absentKeys: ["mac", "token"] },
    operation: "update",
    mapping: { ...byBasic([], []), hostInBrackets: "host", isAllOrNothing: true },
    dialect: "any-200",
  },
];

function one(
  id: string,
  match: Omit<Match, "methods">,
  mapping: UpdateMapping,
  dialect: UpdateRule["dialect"],
): UpdateRule {
  return { id, match: { methods: getOrPost, ...match }, operation: "update", mapping, dialect };
}

function byBasic(hosts: readonly string[], addresses: readonly string[]): UpdateMapping {
  return { hosts, addresses, offline: ["offline"], credential: basic };
}
