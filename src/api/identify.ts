/** Who calls, from what the request carries: a session's cookie from a browser, a bearer token from a script, never both. */

import type { Address } from "../base/address.ts";
import type { Caller, Person, Program } from "./caller.ts";
import { Refusal } from "./refusal.ts";

export interface IdentifyParts {
  /** Undefined: no such session, or it is over. */
  findSession(cookie: string): Promise<Person | undefined>;
  /** Undefined: no such token, or it may not be used from there or no longer. */
  findToken(secret: string, peer: Address): Promise<Program | undefined>;
}

/** Only of our own origin, never of a name above it. */
export const sessionCookie = "__Host-nameward";

export function makeIdentify(
  parts: IdentifyParts,
): (request: Request, peer: Address) => Promise<Caller> {
  return async (request, peer) => {
    const bearer = request.headers.get("authorization");
    const cookie = sessionCookieOf(request);
    if (bearer !== null) {
      if (cookie !== undefined) {
        throw new Refusal(400, "two-credentials", "There is a token and a session in one call.", {
          hint: "Send only one of them.",
        });
      }
      const secret = secretOf(bearer);
      const program = secret === undefined ? undefined : await parts.findToken(secret, peer);
      if (program !== undefined) return program;
      throw new Refusal(401, "bad-token", "The token is not known, or may not be used here.");
    }
    const person = cookie === undefined ? undefined : await parts.findSession(cookie);
    return person ?? { kind: "nobody" };
  };
}

/** Whether what a call came with still opens the door, for calls that last. */
export type Holds = (request: Request, peer: Address) => () => Promise<boolean>;

export function makeHolds(
  parts: Pick<IdentifyParts, "findToken"> & { holdsSession(cookie: string): Promise<boolean> },
): Holds {
  return (request, peer) => {
    // Read now: the request is gone when it was answered.
    const cookie = sessionCookieOf(request);
    const secret = secretOf(request.headers.get("authorization") ?? "");
    return async () => {
      if (secret !== undefined) return (await parts.findToken(secret, peer)) !== undefined;
      return cookie !== undefined && parts.holdsSession(cookie);
    };
  };
}

function secretOf(authorization: string): string | undefined {
  return /^bearer +([A-Za-z0-9_-]{20,100})$/i.exec(authorization)?.[1];
}

/** What the session's cookie holds, where the request carries one. */
export function sessionCookieOf(request: Request): string | undefined {
  return readCookie(request.headers.get("cookie") ?? "", sessionCookie);
}

/** RFC 6265 §4.2: the first of that name. */
function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals !== -1 && pair.slice(0, equals).trim() === name)
      return pair.slice(equals + 1).trim();
  }
  return undefined;
}
