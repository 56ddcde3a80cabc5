/** Values that stand for "nothing": placeholders nobody replaced, and words for "as it is". */

/** Seen in the place of a host name, an address or a prefix alike. Compared without case. */
const everywhere: ReadonlySet<string> = new Set([
  "",
  "nochg",
  "preserve",
  "%i",
  "__myip__", // OPNsense, Synology
  "__hostname__",
]);

/**
 * Placeholders that a client left as they were: `<ip6lanprefix>` of a FRITZ!Box without IPv6, ddns-go's
 * `#{ip}`.
 */
const placeholder = /^(?:<[a-z0-9_]{1,20}>|#\{[a-z0-9_]{1,20}\})$/i;

const hosts: ReadonlySet<string> = new Set([
  "yes", // dyndns1 has `hostname=YES` beside `host_id`
  "1", // selfHOST's `hostname=1` is the host of the account
]);

const addresses: ReadonlySet<string> = new Set(["no", "auto", "0.0.0.0"]);

export function isAbsentHost(value: string): boolean {
  return hosts.has(value.toLowerCase()) || isAbsent(value);
}

export function isAbsentAddress(value: string): boolean {
  return addresses.has(value.toLowerCase()) || isAbsent(value);
}

/** For values of any kind: prefixes, domains, labels. */
export function isAbsent(value: string): boolean {
  return everywhere.has(value.toLowerCase()) || placeholder.test(value);
}
