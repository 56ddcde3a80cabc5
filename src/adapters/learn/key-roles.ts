/** What a parameter of an unknown dialect holds, by its name: the words that clients in the field use. */

export type Role = "host" | "address" | "username" | "secret" | "offline";

/** Read in this order: `domain` is a host and `user_key` a secret. Names compare without case. */
const words: Readonly<Record<Role, ReadonlySet<string>>> = {
  secret: setOf(
    "password passwd pass pwd pw p secret token key k apikey api_key auth authkey sha hash md5",
    "sig sign signature pin code credential domainpassword tzokey userpass session sid",
  ),
  username: setOf("username user u login uid userid mid email aname account"),
  host: setOf(
    "hostname host hostnames host_id domain domains h fqdn dn id subdomain updatehostname zone",
    "tzoname dm group name device dev",
  ),
  address: setOf(
    "myip ip ipaddr ipaddress addr address ipv4 myipv4 ip4 a ipv4addr dnsto ipv4b content data",
    "myipv6 ipv6 ip6 ipv6addr aaaa ip6addr wanip wan",
  ),
  offline: setOf("offline"),
};

function setOf(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}

export function findRoleOfKey(key: string): Role | undefined {
  for (const role of ["secret", "username", "host", "address", "offline"] as const) {
    if (words[role].has(key.toLowerCase())) return role;
  }
  return undefined;
}

/** Whether a name says that its value is nobody's business, also as a part of it (`user_password`). */
export function isSecretKey(key: string): boolean {
  return words.secret.has(key.toLowerCase()) || secretPart.test(key);
}

const secretPart = /pass|pwd|secret|token|key|auth|sign|hash|session|credential|cookie|sha\d|md5/i;
