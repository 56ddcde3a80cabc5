/** What a route of the API says of itself: who may call it, what it takes and what it gives. OpenAPI comes from it. */

import type { z } from "zod";

/** Who may call a route. */
export type Access =
  /** Nobody needs to be known: set-up, sign-in, reset. */
  | { readonly kind: "anyone" }
  /** A person with a session; never a token. */
  | { readonly kind: "person"; readonly isAdmin: boolean; readonly isFresh: boolean }
  /** A session, or a token whose policy allows the action. `isAdmin`: of an administrator. */
  | { readonly kind: "action"; readonly action: Action; readonly isAdmin: boolean };

/** What a token's policy can allow. */
export const actions = [
  "hosts:read",
  "hosts:write",
  "addresses:write",
  "records:read",
  "records:write",
  "logins:read",
  "logins:write",
  "receipts:read",
  "service:read",
  "service:write",
] as const;
export type Action = (typeof actions)[number];

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Under `/api/v1`, with `{name}` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** A body that is no JSON: NDJSON and CSV of a bulk import. */
  readonly bodyTypes?: readonly string[];
  /** Where a body is other than JSON of usual length. */
  readonly bodyOctetsMax?: number;
  readonly status: 200 | 201 | 202 | 204;
  /** Undefined with 204, and for a stream. */
  readonly reply?: z.ZodType;
  /** `text/event-stream`, or another type that is no JSON. */
  readonly streams?: string;
}

/** One kind of it: what a handler may know of its caller follows from the type. */
type AccessOf<Kind extends Access["kind"]> = Extract<Access, { readonly kind: Kind }>;

export const anyone: AccessOf<"anyone"> = { kind: "anyone" };
export const person: AccessOf<"person"> = { kind: "person", isAdmin: false, isFresh: false };
/** Proved less than ten minutes ago that it is still the same person (ASVS 7.5.1). */
export const freshPerson: AccessOf<"person"> = { kind: "person", isAdmin: false, isFresh: true };
export const adminPerson: AccessOf<"person"> = { kind: "person", isAdmin: true, isFresh: false };
export const freshAdmin: AccessOf<"person"> = { kind: "person", isAdmin: true, isFresh: true };

export function may(action: Action): AccessOf<"action"> {
  return { kind: "action", action, isAdmin: false };
}

export function adminMay(action: Action): AccessOf<"action"> {
  return { kind: "action", action, isAdmin: true };
}
