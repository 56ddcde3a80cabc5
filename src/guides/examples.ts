/** Requests as devices send them, for the examples of guides. Templates; documentation addresses of RFC 5737 and RFC 3849. */

import type { GuideExample } from "./guide.ts";

/** A GET with Basic, as nearly every device sends it. */
export function withBasic(
  title: string,
  target: string,
  given: { readonly agent?: string; readonly version?: "1.0" | "1.1" } = {},
): GuideExample {
  return {
    title,
    lines: [
      `GET ${target} HTTP/${given.version ?? "1.1"}`,
      "Host: {server}",
      "Authorization: Basic {basic}",
      ...(given.agent === undefined ? [] : [`User-Agent: ${given.agent}`]),
    ],
  };
}

/** The query that dyndns2 asks for. */
export const plainTarget = "/nic/update?hostname={host}&myip=203.0.113.7";
