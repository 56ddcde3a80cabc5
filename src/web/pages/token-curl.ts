/** A line for a shell that uses a token that was just made: something it may do. */

import type { MadeToken } from "../token.ts";

const reads = [
  ["hosts:read", "/hosts"],
  ["receipts:read", "/receipts"],
  ["records:read", "/zones"],
  ["logins:read", "/logins"],
  ["service:read", "/overview"],
] as const;

export function curlLine({ token, secret }: MadeToken, origin: string): string {
  const { actions, names = [] } = token.policy;
  const proof = `-H 'Authorization: Bearer ${secret}'`;
  const named = names.find((name) => !name.includes("*"));
  if (
    actions.includes("addresses:write") &&
    (named !== undefined || !actions.includes("hosts:read"))
  )
    return `curl ${proof} -X PUT -H 'Content-Type: application/json' --data '{"v4":"203.0.113.7"}' '${origin}/api/v1/hosts/${quote(named ?? "NAME")}/addresses'`;
  const read = reads.find(([action]) => actions.includes(action));
  return `curl ${proof} '${origin}/api/v1${read?.[1] ?? "/hosts"}'`;
}

/** A name that a person typed stands in a shell's quotes and in a URL. */
function quote(name: string): string {
  return encodeURIComponent(name).replaceAll("'", "%27");
}
