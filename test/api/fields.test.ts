/** Every text field of the contract: with markup in it, too long, and with fields beside it that nobody may set (AT37, AT39). */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { RouteName } from "../../src/api/contract.ts";
import type { Route } from "../../src/api/contract/route.ts";
import { schemaOf, textFields, withValueAt } from "./sample-value.ts";
import { bodyOf, openTenants, routes } from "./tenants.ts";
import type { Proof, Tenants } from "./tenants.ts";

let tenants: Tenants;
beforeAll(async () => {
  tenants = await openTenants();
});
afterAll(() => tenants[Symbol.asyncDispose]());

const polyglots = [
  `"><script>alert(1)</script>`,
  `'><img src=x onerror=alert(1)>`,
  `javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/"/+/onmouseover=1/+/[*/[]/+alert(1)//'>`,
  `</script><svg onload=alert(1)>`,
  `{{7*7}}\${7*7}<%= 7*7 %>`,
  `\u2028<iframe srcdoc="<script>alert(1)</script>">`,
  `a\r\nSet-Cookie: x=1\r\n\r\n<html>`,
  `\u0000<b>`,
] as const;

/** What a person must never be able to set of a thing (A32). */
const forbidden = {
  owner_id: 1,
  userId: 1,
  isAdmin: true,
  is_admin: true,
  isBlocked: false,
  isHeld: false,
  isSuspended: false,
  role: "admin",
  quota: { hosts: 1_000_000 },
  hostsMax: 1_000_000,
  provedAtMs: 9e15,
  state: "active",
  createdAt: "2020-01-01T00:00:00.000Z",
  hash: "a",
  constructor: { prototype: { x: 1 } },
} as const;

const withBody = routes.filter(([, { body }]) => body !== undefined);
const fields = withBody.flatMap(([name, { body }]) =>
  textFields(schemaOf(body!)).map((field) => ({ name, ...field })),
);

/** Of whom may call it. */
async function proofFor({ access }: Route): Promise<Proof> {
  if (access.kind === "anyone") return undefined;
  return tenants.session(access.isAdmin ? tenants.root : tenants.alice);
}

function send(name: RouteName, route: Route, proof: Proof, pointer: string, value: unknown) {
  const body = withValueAt(bodyOf(name, route, tenants.things), pointer, value);
  return tenants.call(name, proof, tenants.things, body);
}

const jsonTypes = ["application/json", "application/problem+json"];

test("there are fields to look at, and each has a greatest length", () => {
  expect(fields.length).toBeGreaterThan(60);
  expect(fields.filter(({ max }) => Number.isNaN(max))).toEqual([]);
});

describe("markup in a field comes back as JSON or not at all", () => {
  for (const [name, route] of withBody) {
    test(name, async () => {
      for (const { pointer } of fields.filter((field) => field.name === name))
        for (const polyglot of polyglots) {
          const said = await send(name, route, await proofFor(route), pointer, polyglot);
          if (said.text === "") continue; // 204
          expect([pointer, polyglot, jsonTypes.includes(said.type)]).toEqual([
            pointer,
            polyglot,
            true,
          ]);
          expect(() => JSON.parse(said.text) as unknown).not.toThrow();
          expect([pointer, said.status === 500]).toEqual([pointer, false]);
        }
    });
  }
});

describe("a text that is too long is refused by the name of its field", () => {
  for (const [name, route] of withBody) {
    test(name, async () => {
      for (const { pointer, max } of fields.filter((field) => field.name === name)) {
        // A body that is longer than any may be is refused as a whole.
        const said = await send(name, route, await proofFor(route), pointer, "a".repeat(max + 1));
        expect([pointer, said.status]).toEqual([pointer, 422]);
        const { errors } = JSON.parse(said.text) as { errors: { pointer: string }[] };
        const isNamed = errors.some((error) => `${pointer}/`.startsWith(`${error.pointer}/`));
        expect([pointer, isNamed]).toEqual([pointer, true]);
      }
    });
  }
});

describe("a field that the route does not have is refused", () => {
  for (const [name, route] of withBody) {
    // Names of settings are not in the contract: its handler refuses those it does not know.
    const isFree = (schemaOf(route.body!)["properties"] ?? undefined) === undefined;
    test(name, async () => {
      for (const [field, value] of Object.entries(forbidden)) {
        const known = (schemaOf(route.body!)["properties"] ?? {}) as object;
        if (Object.hasOwn(known, field)) continue;
        const said = await send(name, route, await proofFor(route), `/${field}`, value);
        expect([field, said.status]).toEqual([field, isFree ? expect.any(Number) : 422]);
        expect([field, said.status < 300]).toEqual([field, false]);
      }
    });
  }
});

test("a prototype that was sent is nobody's prototype", async () => {
  const body = JSON.parse('{"name":"a","password":"b","__proto__":{"x":1}}') as unknown;
  const said = await tenants.call("signIn", undefined, tenants.things, body);
  expect(said.status).toBeGreaterThanOrEqual(400);
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
});

test("control: what is stored with markup is given back as it was written, as JSON", async () => {
  const session = await tenants.session(tenants.root);
  const [polyglot] = polyglots;
  const made = await tenants.call("addToken", session, tenants.things, {
    name: polyglot,
    policy: { actions: ["hosts:read"] },
  });
  expect(made.status).toBe(201);
  const listed = await tenants.call("listTokens", session, tenants.things);
  expect(listed.type).toBe("application/json");
  expect((JSON.parse(listed.text) as { items: { name: string }[] }).items[0]?.name).toBe(polyglot);
});
