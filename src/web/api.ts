/** Calls of the API, typed by the contract: `call("GET /hosts/{name}", { parameters: { name } })`. */

import type {
  BodyOf,
  Contract,
  ParametersOf,
  Problem,
  QueryOf,
  ReplyOf,
  RouteName,
} from "../api/contract.ts";
import { texts } from "./texts.ts";

/** Method and path say at run time what the type says to the compiler: no table is shipped. */
type KeyOf<Name extends RouteName> = `${Contract[Name]["method"]} ${Contract[Name]["path"]}`;
export type RouteKey = { [Name in RouteName]: KeyOf<Name> }[RouteName];
type NameOf<Key extends RouteKey> = {
  [Name in RouteName]: KeyOf<Name> extends Key ? Name : never;
}[RouteName];

export type Reply<Key extends RouteKey> = ReplyOf<NameOf<Key>>;
export type Given<Key extends RouteKey> = ParametersGiven<ParametersOf<NameOf<Key>>> & {
  readonly query?: QueryOf<NameOf<Key>>;
} & ([BodyOf<NameOf<Key>>] extends [undefined]
    ? { readonly raw?: RawBody; readonly headers?: Readonly<Record<string, string>> }
    : { readonly body: BodyOf<NameOf<Key>> });
type ParametersGiven<Names extends string> = [Names] extends [never]
  ? object
  : { readonly parameters: Readonly<Record<Names, string>> };

/** A body that is no JSON: a bulk import, a logo. */
interface RawBody {
  readonly type: string;
  readonly content: Blob | string;
}

/** Why a call failed, as a page shows it: cause, next step, request id. */
export class Trouble extends Error {
  override readonly name = "Trouble";
  readonly problem: Omit<Problem, "type">;

  constructor(problem: Omit<Problem, "type">) {
    super(problem.title);
    this.problem = problem;
  }

  /** Of one field of the form that was sent: `/name`. */
  faultAt(pointer: string): string | undefined {
    return this.problem.errors?.find((error) => error.pointer === pointer)?.detail;
  }
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof Trouble) return error;
  return new Trouble({ ...texts.trouble.page, status: 0, code: "page", requestId: "" });
}

const session: { csrf: string | null; prove?: () => Promise<boolean>; lost?: () => void } = {
  csrf: null,
};

/** What the shell knows of the session and calls need. */
export function useSession(given: Partial<typeof session>): void {
  Object.assign(session, given);
}

export async function call<Key extends RouteKey>(key: Key, given: Given<Key>): Promise<Reply<Key>> {
  try {
    return await send(key, given);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    if (error.problem.code === "step-up" && (await session.prove?.()) === true)
      return send(key, given);
    if (error.problem.code === "not-signed-in") session.lost?.();
    throw error;
  }
}

async function send<Key extends RouteKey>(key: Key, given: object): Promise<Reply<Key>> {
  const [method = "GET"] = key.split(" ", 1);
  const { body, raw, headers } = given as {
    body?: unknown;
    raw?: RawBody;
    headers?: Record<string, string>;
  };
  const sent = new Headers({ Accept: "application/json", ...headers });
  if (method !== "GET" && session.csrf !== null) sent.set("X-Nameward-Csrf", session.csrf);
  if (raw !== undefined) sent.set("Content-Type", raw.type);
  else if (method !== "GET") sent.set("Content-Type", "application/json");
  const content = raw?.content ?? (body === undefined ? undefined : JSON.stringify(body));
  const reply = await reach(urlOf(key, given), {
    method,
    headers: sent,
    credentials: "same-origin",
    ...(content === undefined ? {} : { body: content }),
  });
  if (!reply.ok) throw await readTrouble(reply);
  // Whoever proved something has a new cookie, and its token comes along.
  session.csrf = reply.headers.get("X-Nameward-Csrf") ?? session.csrf;
  const type = reply.headers.get("content-type") ?? "";
  return (type.startsWith("application/json") ? await reply.json() : undefined) as Reply<Key>;
}

/** Where a route is; also for links and event sources. */
export function urlOf(key: RouteKey, given: object = {}): string {
  const { parameters = {}, query = {} } = given as {
    parameters?: Record<string, string>;
    query?: Record<string, string | number | boolean | undefined>;
  };
  const path = key
    .slice(key.indexOf(" ") + 1)
    .replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== "") search.set(name, String(value));
  return `/api/v1${path}${search.size === 0 ? "" : `?${search.toString()}`}`;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new Trouble({
      ...texts.trouble.unreachable,
      status: 0,
      code: "unreachable",
      requestId: "",
    });
  }
}

async function readTrouble(reply: Response): Promise<Trouble> {
  try {
    return new Trouble((await reply.json()) as Problem);
  } catch {
    return new Trouble({
      ...texts.trouble.fault,
      status: reply.status,
      code: "fault",
      requestId: reply.headers.get("x-request-id") ?? "",
    });
  }
}
