/** Values that stand for "nothing": placeholders nobody replaced, and words for "as it is". */

/** Seen in the place of a host name or an address alike. Compared without case. */
const everywhere = ["", "nochg", "preserve", "%i", "<ipaddr>", "<ip6addr>", "__myip__"];

const hosts: ReadonlySet<string> = new Set([
  ...everywhere,
  "yes", // dyndns1 has `hostname=YES` beside `host_id`
  "1",
]);

const addresses: ReadonlySet<string> = new Set([...everywhere, "no", "auto", "0.0.0.0"]);

export function isAbsentHost(value: string): boolean {
  return hosts.has(value.toLowerCase());
}

export function isAbsentAddress(value: string): boolean {
  return addresses.has(value.toLowerCase());
}
