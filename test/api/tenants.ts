/** People with things of their own at one service, and calls of the API as each of them: what the generated tests begin with. */

import { contract } from "../../src/api/contract.ts";
import type { RouteName } from "../../src/api/contract.ts";
import { actions } from "../../src/api/contract/route.ts";
import type { Route } from "../../src/api/contract/route.ts";
import { csrfOf } from "../../src/api/csrf.ts";
import { parseAddress } from "../../src/base/address.ts";
import { systemChance } from "../../src/base/chance.ts";
import { makeSecretToken } from "../../src/core/accounts/secret-token.ts";
import { makeToken } from "../../src/core/api-token.ts";
import type { NewToken } from "../../src/core/api-token.ts";
import { parseHostName } from "../../src/core/host-name.ts";
import type { Policy } from "../../src/core/token-policy.ts";
import { origin, startPeople } from "../people.ts";
import type { TestPeople } from "../people.ts";
import { sampleOf, schemaOf } from "./sample-value.ts";

export const routes = Object.entries(contract) as readonly (readonly [RouteName, Route])[];

/** What a call is made with. */
export type Proof = { readonly session: string } | { readonly bearer: string } | undefined;

export interface Said {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** Without what differs from one call to the next. */
  readonly same: string;
}

export interface Tenants extends AsyncDisposable {
  readonly people: TestPeople;
  readonly alice: Tenant;
  readonly bob: Tenant;
  readonly carol: Tenant;
  readonly root: Tenant;
  /** What stands in the path and the body: a thing of alice, or one that nobody has. */
  readonly things: Things;
  readonly missing: Things;
  /** A session of its own, proved just now: nothing that one call ends is missed by the next. */
  session(tenant: Tenant): Promise<Proof>;
  token(
    tenant: Tenant,
    policy?: Policy,
    bounds?: Partial<Pick<NewToken, "from" | "expiresAtMs" | "unusedDays">>,
  ): Promise<{ readonly id: string; readonly bearer: string }>;
  call(name: RouteName, proof: Proof, things: Things, body?: unknown): Promise<Said>;
}

export interface Tenant {
  readonly id: number;
  readonly name: string;
}

export type Things = Readonly<
  Record<"host" | "zone" | "user" | "session" | "token" | "channel" | "login", string>
>;

/** In everything that is alice's and in nothing else. */
export const mark = "thing-of-alice";
const apex = parseHostName("dyn.example.test")!;
export const everything: Policy = { actions };
/** All actions, on nothing that is there. */
export const elsewhere: Policy = { actions, zones: ["else.test"], names: ["else.*"] };

export async function openTenants(): Promise<Tenants> {
  const people = await startPeople();
  const { store } = people;
  const root = await people.setUp("root");
  const alice = await people.addPerson(root, "alice", "198.51.100.10");
  await people.addPerson(root, "bob", "198.51.100.11");
  await people.addPerson(root, "carol", "198.51.100.12");
  const users = new Map((await store.listUsers()).map((user) => [user.name, user]));
  const zone = await store.addZone(apex, false, 1, []);
  if (zone.kind !== "made") throw new Error("There is no zone");
  const host = parseHostName(`${mark}.${apex}`)!;
  await store.addHost(host, zone.made.id, users.get("alice")!.id);
  const channel = await alice.must("POST", "/channels", {
    kind: "webhook",
    target: `https://${mark}.example.com/`,
    events: ["silent"],
  });
  const { items } = (await alice.must("GET", "/account/sessions")) as { items: { id: string }[] };
  const given = await alice.must("POST", "/tokens", {
    name: mark,
    policy: { actions: ["hosts:read"] },
  });
  const things: Things = {
    host,
    zone: apex,
    user: "alice",
    session: items[0]!.id,
    token: (given["token"] as { id: string }).id,
    channel: (channel["channel"] as { id: string }).id,
    login: "1",
  };
  const id = "11111111111111111111a1";
  const missing: Things = {
    host: `thing-of-nobody.${apex}`,
    zone: "nobody.test",
    user: "nobody",
    session: id,
    token: id,
    channel: id,
    login: "999999",
  };
  return {
    people,
    things,
    missing,
    alice: users.get("alice")!,
    bob: users.get("bob")!,
    carol: users.get("carol")!,
    root: users.get("root")!,
    async session(tenant) {
      const made = makeSecretToken(systemChance);
      const peer = "198.51.100.9";
      await store.accounts.addSession({
        id: made.id,
        hash: made.hash,
        user: tenant.id,
        peer,
        userAgent: "",
      });
      return { session: made.secret };
    },
    async token(tenant, policy = everything, bounds = {}) {
      const { id, hash, secret } = makeToken(systemChance);
      await store.tokens.addToken(
        {
          id,
          hash,
          user: tenant.id,
          name: "test",
          policy,
          from: [],
          expiresAtMs: undefined,
          unusedDays: undefined,
          ...bounds,
        },
        1_000,
      );
      return { id, bearer: secret };
    },
    call: (name, proof, of, body) => call(people, name, proof, of, body),
    [Symbol.asyncDispose]: () => people[Symbol.asyncDispose](),
  };
}

async function call(
  people: TestPeople,
  name: RouteName,
  proof: Proof,
  things: Things,
  given: unknown,
): Promise<Said> {
  const { headers, init, url } = requestOf(name, proof, things, given);
  return ask(people, new Request(url, { ...init, headers }));
}

/** What a page or a script of ours sends; a test may bend it before it is asked. */
export function requestOf(
  name: RouteName,
  proof: Proof,
  things: Things,
  given?: unknown,
): { readonly url: string; readonly headers: Headers; readonly init: RequestInit } {
  const route: Route = contract[name];
  const headers = new Headers();
  if (proof !== undefined && "bearer" in proof) {
    headers.set("Authorization", `Bearer ${proof.bearer}`);
  } else {
    headers.set("Origin", origin);
    headers.set("Sec-Fetch-Site", "same-origin");
  }
  if (proof !== undefined && "session" in proof) {
    headers.set("Cookie", `__Host-nameward=${proof.session}`);
    headers.set("X-Nameward-Csrf", csrfOf(proof.session));
  }
  const init: RequestInit = { method: route.method };
  const body = given ?? bodyOf(name, route, things);
  if (route.body !== undefined) {
    headers.set("Content-Type", "application/json");
    init.body = JSON.stringify(body);
  } else if (route.bodyTypes !== undefined) {
    headers.set("Content-Type", route.bodyTypes[0]!);
    init.body = `{"name":"${things.host}"}\n`;
  }
  return { url: `${origin}/api/v1${pathOf(route, things)}`, headers, init };
}

export async function ask(
  people: TestPeople,
  request: Request,
  peer = "198.51.100.9",
): Promise<Said> {
  const response = await people.app(request, parseAddress(peer)!);
  const type = response.headers.get("content-type") ?? "";
  const isEndless = type.startsWith("text/event-stream");
  if (isEndless) await response.body?.cancel();
  const text = isEndless ? "" : await response.text();
  const same = text.replace(/"requestId":"[^"]*"/, "");
  return { status: response.status, type, text, same };
}

function pathOf({ path }: Route, things: Things): string {
  return path
    .replace("{delivery}", "1")
    .replace("{zone}", things.zone)
    .replace("{name}", path.startsWith("/users") ? things.user : things.host)
    .replace("{id}", idOf(path, things));
}

function idOf(path: string, things: Things): string {
  if (path.startsWith("/account/sessions")) return things.session;
  if (path.startsWith("/tokens")) return things.token;
  if (path.startsWith("/channels")) return things.channel;
  if (path.startsWith("/logins")) return things.login;
  return "999999";
}

export function bodyOf(name: RouteName, route: Route, things: Things): unknown {
  if (route.body === undefined) return undefined;
  const texts = name === "addHost" ? { name: things.host } : {};
  return sampleOf(schemaOf(route.body), name === "addLogin" ? { hosts: [things.host] } : texts);
}
