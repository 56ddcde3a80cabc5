/** The token that a page sends in a header of its own, so that another site's form or image cannot change anything (T36). */

import { createHmac, timingSafeEqual } from "node:crypto";

/** `greet` gives the token to the page; every call of a session that changes something carries it here. */
export const csrfHeader = "X-Nameward-Csrf";

/**
 * Bound to the session: HMAC-SHA-256 under what its cookie holds, 256 random bits that no script can read. A new
 * cookie is a new token; nothing has to be kept, and a restart ends no page.
 */
export function csrfOf(cookie: string): string {
  return createHmac("sha256", cookie).update("nameward csrf").digest("base64url");
}

export function isCsrfOf(cookie: string, given: string): boolean {
  const wanted = Buffer.from(csrfOf(cookie));
  const found = Buffer.from(given);
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}
