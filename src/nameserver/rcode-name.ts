/** Names of response codes, for people and metrics (RFC 6895 §2.3). */

const names = [
  "NOERROR",
  "FORMERR",
  "SERVFAIL",
  "NXDOMAIN",
  "NOTIMP",
  "REFUSED",
  "YXDOMAIN",
  "YXRRSET",
  "NXRRSET",
  "NOTAUTH",
  "NOTZONE",
] as const;

export function rcodeName(rcode: number): string {
  if (rcode === 16) return "BADVERS"; // RFC 6891 §9
  return names[rcode] ?? `RCODE${rcode}`;
}
