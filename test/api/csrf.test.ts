/** What another site can make a browser send (AT36): every route that changes something refuses it, and nothing changes. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { RouteName } from "../../src/api/contract.ts";
import type { Route } from "../../src/api/contract/route.ts";
import { readStored } from "./stored.ts";
import { ask, openTenants, requestOf, routes } from "./tenants.ts";
import type { Proof, Said, Tenants } from "./tenants.ts";

let tenants: Tenants;
/** Of who may use the route: only where the call comes from is wrong. */
let owner: Proof;
let admin: Proof;
let before: string;

beforeAll(async () => {
  tenants = await openTenants();
  owner = await tenants.session(tenants.alice);
  admin = await tenants.session(tenants.root);
  before = stored();
});
afterAll(() => tenants[Symbol.asyncDispose]());

const stored = (): string => readStored(tenants.people.data);
const proofFor = ({ access }: Route): Proof =>
  access.kind !== "anyone" && access.isAdmin ? admin : owner;
const changing = routes.filter(([, { method }]) => method !== "GET");
const withBody = changing.filter(
  ([, { body, bodyTypes }]) => body !== undefined || bodyTypes !== undefined,
);

/** `bend`: what another site makes of the request of a page of ours. */
function send(
  name: RouteName,
  route: Route,
  bend: (headers: Headers, init: RequestInit) => void = () => {},
): Promise<Said> {
  const { url, headers, init } = requestOf(name, proofFor(route), tenants.things);
  bend(headers, init);
  return ask(tenants.people, new Request(url, { ...init, headers }));
}

const setOrigin = (origin: string, site?: string) => (headers: Headers) => {
  headers.set("Origin", origin);
  headers.delete("Sec-Fetch-Site");
  if (site !== undefined) headers.set("Sec-Fetch-Site", site);
};

const ways: readonly (readonly [string, (headers: Headers) => void])[] = [
  ["no Origin", (headers) => headers.delete("Origin")],
  ["the Origin null, of a sandboxed frame", setOrigin("null", "cross-site")],
  ["a foreign Origin", setOrigin("https://evil.test", "cross-site")],
  ["a foreign Origin in a browser without Sec-Fetch-Site", setOrigin("https://evil.test")],
  ["a sibling of the same site", setOrigin("https://cam.example.net", "same-site")],
  ["a name below ours", setOrigin("https://evil.names.example.net", "same-site")],
  ["our name on another port", setOrigin("https://names.example.net:8443", "same-site")],
  ["our name over plain HTTP", setOrigin("http://names.example.net", "cross-site")],
  ["Sec-Fetch-Site alone", (headers) => headers.set("Sec-Fetch-Site", "same-site")],
];

describe("a call is refused that a browser makes for", () => {
  for (const [title, bend] of ways) {
    test(title, async () => {
      for (const [name, route] of changing) {
        const said = await send(name, route, bend);
        expect([name, said.status, codeOf(said)]).toEqual([name, 403, "wrong-origin"]);
      }
      expect(stored()).toBe(before);
    });
  }
});

test("a session needs the token of its page, and another's is none", async () => {
  for (const [name, route] of changing)
    for (const token of [undefined, "", "a".repeat(43)]) {
      const said = await send(name, route, (headers) => {
        headers.delete("X-Nameward-Csrf");
        if (token !== undefined) headers.set("X-Nameward-Csrf", token);
      });
      expect([name, said.status, codeOf(said)]).toEqual([name, 403, "wrong-csrf"]);
    }
  expect(stored()).toBe(before);
});

describe("a body is read only as what the route takes, and a form of another page is none", () => {
  const types = [
    "text/plain",
    "text/plain; a=application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=application/json",
    "application/json-x",
    "",
  ];
  for (const type of types) {
    test(type === "" ? "no type" : type, async () => {
      for (const [name, route] of withBody) {
        const said = await send(name, route, (headers, init) => {
          // As octets: the runtime names the type of a text by itself.
          init.body = new TextEncoder().encode(init.body as string);
          if (type === "") headers.delete("Content-Type");
          else headers.set("Content-Type", type);
        });
        expect([name, said.status]).toEqual([name, 415]);
      }
      expect(stored()).toBe(before);
    });
  }
});

describe("what a link or an image can ask for changes nothing", () => {
  for (const method of ["GET", "HEAD", "OPTIONS"]) {
    test(method, async () => {
      for (const [name, route] of changing) {
        // A path may be read, too; nothing but that is allowed.
        const isRead = routes.some(
          ([, { method: other, path }]) => other === "GET" && fits(path, route.path),
        );
        const said = await send(name, route, (headers, init) => {
          init.method = method;
          delete init.body;
          headers.delete("Origin");
        });
        if (!isRead || method === "OPTIONS") expect([name, said.status]).toEqual([name, 405]);
      }
      expect(stored()).toBe(before);
    });
  }
});

/** Whether the router takes the path of the one for that of the other. */
function fits(pattern: string, path: string): boolean {
  const parts = pattern.split("/");
  const others = path.split("/");
  return (
    parts.length === others.length &&
    parts.every((part, at) => part.startsWith("{") || part === others[at])
  );
}

test("there are many routes to look at, with and without a body", () => {
  expect(changing.length).toBeGreaterThan(60);
  expect(withBody.length).toBeGreaterThan(40);
  expect(changing.length).toBeGreaterThan(withBody.length);
});

test("control: the same calls as a page of ours makes them go on, and something changes", async () => {
  const changed: string[] = [];
  for (const [name, route] of changing) {
    owner = await tenants.session(tenants.alice);
    admin = await tenants.session(tenants.root);
    const from = stored();
    const said = await send(name, route);
    expect([name, ["wrong-origin", "wrong-csrf"].includes(codeOf(said))]).toEqual([name, false]);
    expect([name, said.status === 405 || said.status === 415]).toEqual([name, false]);
    if (stored() !== from) changed.push(name);
  }
  for (const name of ["changeHost", "addToken", "signOut", "deleteChannel", "invite", "removeZone"])
    expect(changed).toContain(name);
});

function codeOf({ text }: Said): string {
  return text === "" ? "" : String((JSON.parse(text) as { code?: unknown }).code);
}
