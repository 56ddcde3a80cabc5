/** The API: from a request to its route, its caller, its handler, and back. One place for all checks that every route needs. */

import { Hono } from "hono";
import { z } from "zod";
import type { Address } from "../base/address.ts";
import type { Log } from "../observe/log.ts";
import { bodyOctetsMaxOf, checkBody, limitBody, readText } from "./body.ts";
import type { Caller, Person, Program } from "./caller.ts";
import { contract } from "./contract.ts";
import type { RouteName } from "./contract.ts";
import type { Route } from "./contract/route.ts";
import type { Problem } from "./contract/shapes.ts";
import type { Call, Handlers } from "./handler.ts";
import { makeOpenApi } from "./openapi.ts";
import type { OpenApi } from "./openapi.ts";
import { printReferencePage, referenceStyle } from "./reference-page.ts";
import { Refusal, notFound } from "./refusal.ts";
import type { RefusedCall } from "./refused-access.ts";

export interface AppParts {
  /** Of a room alone, as its tests put it together, other routes answer 501. */
  readonly handlers: Partial<Handlers>;
  /** From cookie or bearer; throws `Refusal` for what was sent and is wrong. */
  identify(request: Request, peer: Address): Promise<Caller>;
  /** Throws `Refusal` for a call of a browser that another site made (T36). */
  checkOrigin(request: Request, caller: Caller): void;
  /** Told of who may not do what they asked. */
  seeRefused?(call: RefusedCall): void;
  readonly nowMs: () => number;
  readonly log: Log;
}

export const apiBase = "/api/v1";
/** A session is fresh for so long after its person proved who it is (ASVS 7.5.1). */
export const freshMs = 10 * 60 * 1_000;

export type App = (request: Request, peer: Address) => Promise<Response>;

export function makeApp(parts: AppParts): App {
  const hono = new Hono<{ Bindings: { peer: Address } }>({ strict: true });
  const refuseHere = (error: unknown): Response => refuse(error, crypto.randomUUID(), parts.log);
  for (const [name, route] of routesInOrder()) {
    hono.on(route.method, honoPath(route), async (context) => {
      const requestId = crypto.randomUUID();
      try {
        return await answer(
          name,
          route,
          context.req.raw,
          context.req.param(),
          context.env.peer,
          requestId,
          parts,
        );
      } catch (error) {
        return refuse(error, requestId, parts.log);
      }
    });
  }
  addReference(hono);
  for (const [path, methods] of methodsByPath()) {
    hono.all(path, () => refuseHere(wrongMethod(methods)));
  }
  hono.notFound(() => refuseHere(notFound()));
  hono.onError((error) => refuseHere(error));
  return async (request, peer) => hono.fetch(request, { peer });
}

/** What the API says of itself: the same for everybody, made once when it is first asked for. */
function addReference(hono: Hono<{ Bindings: { peer: Address } }>): void {
  let api: OpenApi | undefined;
  const make = (): OpenApi => (api ??= makeOpenApi());
  const send = (path: string, type: string, print: () => string): void => {
    const headers = { "Content-Type": type, "Cache-Control": "no-cache" };
    hono.get(path, () => new Response(print(), { headers }));
  };
  send(`${apiBase}/openapi.json`, "application/json", () => JSON.stringify(make()));
  send("/api/reference", "text/html; charset=utf-8", () => printReferencePage(make()));
  send("/api/reference.css", "text/css; charset=utf-8", () => referenceStyle);
}

/** The router takes the first that fits: `/hosts/export` has to stand before `/hosts/{name}`. */
function routesInOrder(): readonly (readonly [RouteName, Route])[] {
  const routes = Object.entries(contract) as [RouteName, Route][];
  return routes.toSorted(
    ([, a], [, b]) => Number(a.path.includes("{")) - Number(b.path.includes("{")),
  );
}

function honoPath(route: Route): string {
  return `${apiBase}${route.path.replace(/\{(\w+)\}/g, ":$1")}`;
}

function methodsByPath(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [, route] of routesInOrder()) {
    const path = honoPath(route);
    found.set(path, [...(found.get(path) ?? []), route.method]);
  }
  return found;
}

async function answer(
  name: RouteName,
  route: Route,
  request: Request,
  parameters: Record<string, string>,
  peer: Address,
  requestId: string,
  parts: AppParts,
): Promise<Response> {
  const caller = await admit(route, request, peer, requestId, parts);
  checkBody(route, request);
  const headers = new Headers({ "Cache-Control": "no-store", "X-Request-Id": requestId });
  const query = readQuery(route, new URL(request.url).searchParams);
  const body = await readBody(route, request);
  const handler = parts.handlers[name] as ((call: unknown) => unknown) | undefined;
  if (handler === undefined) throw new Refusal(501, "not-there-yet", "This is not there yet.");
  const call: Omit<Call<"greet">, "query" | "body"> & { query: unknown; body: unknown } = {
    caller,
    parameters,
    query,
    body,
    request: await limitBody(request, route),
    peer,
    requestId,
    headers,
  };
  const reply = await handler(call);
  if (reply instanceof Response) {
    for (const [header, value] of headers)
      if (!reply.headers.has(header)) reply.headers.append(header, value);
    return reply;
  }
  if (route.status === 204 || reply === undefined)
    return new Response(null, { status: 204, headers });
  headers.set("Content-Type", "application/json");
  return new Response(JSON.stringify(reply), { status: route.status, headers });
}

async function admit(
  route: Route,
  request: Request,
  peer: Address,
  requestId: string,
  parts: AppParts,
): Promise<Caller> {
  let caller: Caller | undefined;
  try {
    caller = await parts.identify(request, peer);
    allow(route, caller, parts.nowMs());
    parts.checkOrigin(request, caller);
    return caller;
  } catch (error) {
    const named = `${route.method} ${route.path}`;
    if (error instanceof Refusal)
      parts.seeRefused?.({ caller, route: named, refusal: error, peer, requestId });
    throw error;
  }
}

/** What is left to who has to enrol a second factor: to enrol it, and to go. */
const ownRoom = /^\/(account|session)(\/|$)/;

/** Whether the kind of caller may use the route at all; what the thing in question is, its handler looks at. */
function allow(
  { access, path }: Route,
  caller: Caller,
  nowMs: number,
): asserts caller is Person | Program {
  if (access.kind === "anyone") return;
  if (caller.kind === "nobody") {
    throw new Refusal(401, "not-signed-in", "Nobody is signed in.", {
      hint: "Sign in, or send a token as Authorization: Bearer.",
    });
  }
  if (caller.kind === "person" && caller.mustEnrol === true && !ownRoom.test(path)) {
    throw new Refusal(403, "second-factor-needed", "The account must have a second factor first.", {
      hint: "Enrol an authenticator app or a passkey on the page of your account.",
    });
  }
  if (access.isAdmin && !caller.user.isAdmin)
    throw new Refusal(403, "not-allowed", "Only an administrator may do this.");
  if (access.kind === "person") {
    if (caller.kind !== "person")
      throw new Refusal(403, "not-for-tokens", "A token cannot do this; a person must.");
    if (access.isFresh && nowMs - caller.provedAtMs > freshMs) {
      throw new Refusal(403, "step-up", "Prove once more that it is you.", {
        hint: "POST /api/v1/session/step-up with the password or a code.",
      });
    }
    return;
  }
  if (caller.kind === "program" && !caller.policy.actions.includes(access.action)) {
    throw new Refusal(403, "not-allowed", `The token does not allow ${access.action}.`);
  }
}

function readQuery(route: Route, search: URLSearchParams): unknown {
  const schema = route.query ?? z.strictObject({});
  return read(schema, Object.fromEntries(search), "query");
}

async function readBody(route: Route, request: Request): Promise<unknown> {
  if (route.body === undefined) return undefined;
  const text = await readText(request, bodyOctetsMaxOf(route));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, "not-json", "The body is no JSON.");
  }
  return read(route.body, value, "");
}

function read(schema: z.ZodType, value: unknown, at: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({
    pointer: `${at === "" ? "" : `/${at}`}${path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")}`,
    detail: message,
  }));
  throw new Refusal(422, "invalid", "Something in the request is not as it must be.", { errors });
}

/** RFC 9110 §15.5.6: with what is allowed instead. */
function wrongMethod(methods: readonly string[]): Refusal {
  const allowed = methods.join(", ");
  return new Refusal(405, "wrong-method", `Only ${allowed} is understood here.`, {
    headers: [["Allow", allowed]],
  });
}

/** No stack, no SQL, no word of another's: what is no refusal is our fault, and only the log says more. */
export function refuse(error: unknown, requestId: string, log: Log): Response {
  const refusal = error instanceof Refusal ? error : undefined;
  if (refusal === undefined) {
    log.error(
      { error: error instanceof Error ? error : new Error(String(error)), requestId },
      "A call of the API failed",
    );
  }
  const { status, code, message, options } =
    refusal ??
    new Refusal(500, "fault", "Something went wrong here.", {
      hint: "The log says more, under the request id.",
    });
  const problem: Problem = {
    type: "about:blank",
    title: message,
    status,
    code,
    ...(options.hint === undefined ? {} : { hint: options.hint }),
    requestId,
    ...(options.errors === undefined ? {} : { errors: [...options.errors] }),
  };
  const headers = new Headers({
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    "X-Request-Id": requestId,
  });
  if (options.retryAfterSeconds !== undefined)
    headers.set("Retry-After", String(options.retryAfterSeconds));
  // RFC 9110 §15.5.2 wants a challenge. A browser shows no window for this one.
  if (status === 401) headers.set("WWW-Authenticate", 'Bearer realm="nameward"');
  for (const [name, value] of options.headers ?? []) headers.set(name, value);
  return new Response(JSON.stringify(problem), { status, headers });
}
