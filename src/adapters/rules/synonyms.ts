/** Parameter names as clients have them, by what they hold, and the ways of rules that many share. */

import type { CredentialMapping, UpdateMapping } from "../rule.ts";

export const getOrPost = ["GET", "POST"] as const;
export const readOnly = ["GET", "HEAD", "POST"] as const;

export const hostKeys = ["hostname", "hostnames", "host", "host_id", "domain", "domains"] as const;

export const addressKeys = [
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
] as const;

export const basic: CredentialMapping = [{ kind: "basic" }];

export const founding: UpdateMapping = {
  hosts: hostKeys,
  addresses: addressKeys,
  offline: ["offline"],
  credential: basic,
};
