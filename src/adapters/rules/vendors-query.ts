/**
 * Services whose clients send user name and password in the query and can do no other: each rule says which
 * clients. Basic counts before it where a client sends that too.
 */

import type { CredentialMapping, Match, Rule, UpdateMapping, UpdateRule } from "../rule.ts";
import { getOrPost } from "./synonyms.ts";

export const vendorQueryRules: readonly Rule[] = [
  // DNSExit's first API: ddclient, inadyn, Tomato, OpenWrt, recorders of the 4K-DVR family.
  query(
    "dnsexit",
    { paths: ["/remoteupdate"] },
    { hosts: ["host"], addresses: ["myip"], credential: pair(["login"], ["password"]) },
    "dnsexit",
  ),
  // DNS Made Easy numbers its records, and the number is the host's first label here: ddclient, inadyn, OpenWrt.
  query(
    "dme",
    { paths: ["/servlet/updateip"] },
    {
      hosts: ["id"],
      naming: "label",
      addresses: ["ip"],
      credential: pair(["username"], ["password"]),
    },
    "dme",
  ),
  // Sitelutions, by number as well: ddclient, inadyn, OpenWrt.
  query(
    "sitelutions",
    { paths: ["/dnsup"] },
    { hosts: ["id"], naming: "label", addresses: ["ip"], credential: pair(["user"], ["pass"]) },
    "word-success",
  ),
  // ddnss.de: inadyn and OpenWrt; routers send its key instead of name and password.
  query(
    "ddnss",
    { paths: ["/upd"] },
    {
      hosts: ["host"],
      addresses: ["ip", "ip6"],
      credential: [
        ...pair(["user"], ["pwd"]),
        { kind: "secret", form: "token", parameters: ["key"] },
      ],
    },
    "ddnss",
  ),
  // dondominio: ddclient, OpenWrt.
  query(
    "dondominio",
    { paths: ["/plain"] },
    { hosts: ["host"], addresses: ["ip"], credential: pair(["user"], ["password"]) },
    "word-ok",
  ),
  // dyns.cx: ez-ipupdate, Comware.
  query(
    "dyns",
    { paths: ["/postscript"] },
    { hosts: ["host"], addresses: ["ip"], credential: pair(["username"], ["password"]) },
    "dyns",
  ),
  // TZO: ez-ipupdate, Padavan, Comware.
  query(
    "tzo",
    { paths: ["/webclient/signedon", "/webclient/tzoperl"] },
    { hosts: ["tzoname"], addresses: ["ipaddress"], credential: pair(["email"], ["tzokey"]) },
    "tzo",
  ),
  // MyDNS.JP names no host: inadyn and OpenWrt at `/directip.html`; its own script sends Basic to `/login.html`.
  query(
    "mydns",
    { paths: ["/directip", "/login.html"] },
    { hosts: [], addresses: ["ipv4addr", "ipv6addr"], credential: pair(["mid"], ["pwd"]) },
    "any-200",
  ),
  // goip.de names the whole host, or its first label: inadyn, OpenWrt, FRITZ!Box.
  query(
    "goip",
    { paths: ["/setip"] },
    {
      hosts: ["subdomain"],
      naming: "label",
      addresses: ["ip", "ip6"],
      isAllOrNothing: false,
      credential: pair(["username"], ["password"]),
    },
    "echo-ip",
  ),
  // Gira's home server names no host: inadyn.
  query(
    "gira",
    { paths: ["/hsdyndns"] },
    { hosts: [], addresses: ["ip"], credential: pair(["u"], ["p"]) },
    "word-ok",
  ),
  // myonlineportal.net: inadyn; ddupdate and curl send Basic.
  query(
    "myonlineportal",
    { paths: ["/updateddns"] },
    {
      hosts: ["hostname"],
      addresses: ["ip", "ip6"],
      isAllOrNothing: false,
      credential: pair(["username"], ["password"]),
    },
    "echo-ip",
  ),
  // justlinux.com: ez-ipupdate sends Basic and the pair.
  query(
    "justlinux",
    { paths: ["/bin/controlpanel/dyndns/jlc"] },
    { hosts: ["host"], addresses: ["ip"], credential: pair(["username"], ["password"]) },
    "justlinux",
  ),
  // Hurricane Electric's first page for tunnels, by account: ez-ipupdate (heipv6tb), Comware.
  query(
    "heipv6tb",
    { paths: ["/index"], values: [{ key: "menu", oneOf: ["edit_tunnel_address"] }] },
    { hosts: [], addresses: ["ipv4b"], credential: pair(["aname"], ["auth"]) },
    "tunnel-broker",
  ),
  // ipnodns.ru: OpenWrt names no host and sends a pair; cameras send Basic and a host to the same script.
  query(
    "ipnodns",
    { paths: ["/cgi-bin/dyndns", "/cgi-bin/newip"] },
    {
      hosts: ["hostname"],
      addresses: ["myip", "ip", "addr"],
      isAllOrNothing: false,
      credential: pair(["login"], ["secret"]),
    },
    "dyndns",
  ),
];

/** One word for all hosts, so all or none of them, unless the rule says otherwise. */
function query(
  id: string,
  match: Omit<Match, "methods">,
  mapping: Omit<UpdateMapping, "offline">,
  dialect: UpdateRule["dialect"],
): UpdateRule {
  return {
    id,
    match: { methods: getOrPost, ...match },
    operation: "update",
    mapping: { isAllOrNothing: true, offline: ["offline"], ...mapping },
    dialect,
  };
}

function pair(usernames: readonly string[], passwords: readonly string[]): CredentialMapping {
  return [{ kind: "basic" }, { kind: "parameters", usernames, passwords }];
}
