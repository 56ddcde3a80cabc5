/** Whether a call that changes something comes from a page of ours: the defence against other sites (T36, D4). */

import type { Caller } from "./caller.ts";
import { csrfHeader, isCsrfOf } from "./csrf.ts";
import { sessionCookieOf } from "./identify.ts";
import { Refusal } from "./refusal.ts";

/**
 * Throws for a call that another site made in a browser. A site below a shared domain is *same-site* with the
 * dashboard, so `SameSite` of a cookie is no defence here: the origin must be ours to the port, and the page must
 * know the token of its session. Programs send neither cookie nor origin, and are not asked.
 */
export function makeCheckOrigin(
  /** Empty: only the address that a request came to is ours. */
  publicUrl: string,
): (request: Request, caller: Caller) => void {
  return (request, caller) => {
    if (caller.kind === "program") return;
    const changes = request.method !== "GET" && request.method !== "HEAD";
    if (!changes && caller.kind === "nobody") return;
    const site = request.headers.get("sec-fetch-site");
    if (site !== null && site !== "same-origin" && site !== "none") throw otherSite();
    if (!changes) return;
    const origin = request.headers.get("origin");
    if (origin === null || !isOurs(origin, request, publicUrl)) throw otherSite();
    if (caller.kind === "person") checkToken(request);
  };
}

/** Compared as texts that were both made by `URL`: `null`, a path or a user in it is no origin of ours. */
function isOurs(origin: string, request: Request, publicUrl: string): boolean {
  return origin === new URL(request.url).origin || (publicUrl !== "" && origin === publicUrl);
}

function checkToken(request: Request): void {
  const cookie = sessionCookieOf(request);
  const given = request.headers.get(csrfHeader) ?? "";
  if (cookie !== undefined && isCsrfOf(cookie, given)) return;
  throw new Refusal(403, "wrong-csrf", "The page is not the one that this session began.", {
    hint: `Load the page again. A script reads the token with GET /api/v1/greeting and sends it as ${csrfHeader}.`,
  });
}

function otherSite(): Refusal {
  return new Refusal(403, "wrong-origin", "The call came from another site.", {
    hint: "Behind a proxy, set publicUrl to the address in the browser. A script sends a token as Authorization: Bearer instead.",
  });
}
