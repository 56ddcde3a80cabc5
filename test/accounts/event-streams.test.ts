/** A stream of events ends with what opened it (ASVS 7.4.1 to 7.4.3, row A30): nobody who is out hears more. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { parseAddress } from "../../src/base/address.ts";
import { origin, startPeople } from "../people.ts";
import type { Browser, TestPeople } from "../people.ts";

setDefaultTimeout(60_000);

interface Scene {
  readonly service: TestPeople;
  readonly admin: Browser;
  readonly bob: Browser;
  /** Id of a token of bob's. */
  readonly token: string;
}
type Way = "session" | "token";

const ends: readonly (readonly [string, Way, (scene: Scene) => Promise<unknown>])[] = [
  [
    "is suspended",
    "session",
    ({ admin }) => admin.must("PATCH", "/users/bob", { isSuspended: true }),
  ],
  [
    "is signed out by another",
    "session",
    ({ admin }) => admin.must("DELETE", "/users/bob/sessions"),
  ],
  ["signs out", "session", ({ bob }) => bob.must("DELETE", "/session")],
  ["is away for too long", "session", async ({ service }) => service.clock.pass(400 * 86_400_000)],
  [
    "is suspended",
    "token",
    ({ admin }) => admin.must("PATCH", "/users/bob", { isSuspended: true }),
  ],
  ["revokes it", "token", ({ bob, token }) => bob.must("DELETE", `/tokens/${token}`)],
];

for (const [what, way, act] of ends) {
  test(`a stream that a ${way} opened ends when its person ${what}`, async () => {
    await using service = await startPeople();
    const admin = await service.setUp();
    const bob = await service.addPerson(admin, "bob");
    const policy = { actions: ["hosts:read", "receipts:read"] };
    const { token, secret } = await bob.must("POST", "/tokens", { name: "a", policy });
    const proof: Record<string, string> =
      way === "session" ? cookieOf(bob) : { Authorization: `Bearer ${String(secret)}` };
    const stream = await listen(service, proof);
    expect(await isOver(stream)).toBe(false);
    await act({ service, admin, bob, token: (token as { id: string }).id });
    while (!(await isOver(stream))) continue; // it ends, or the test does not
    expect((await open(service, proof)).status).toBe(401);
  });
}

test("control: a stream goes on while another's ends", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  const bob = await service.addPerson(admin, "bob");
  const eve = await service.addPerson(admin, "eve");
  const [ofBob, ofEve] = [
    await listen(service, cookieOf(bob)),
    await listen(service, cookieOf(eve)),
  ];
  expect(await isOver(ofEve)).toBe(false); // its head
  await bob.must("DELETE", "/session");
  while (!(await isOver(ofBob))) continue;
  expect(await isOver(ofEve)).toBe(false); // a comment that came since
});

type Reader = ReadableStreamDefaultReader<Uint8Array>;

function cookieOf({ cookie }: Browser): Record<string, string> {
  return { Cookie: `__Host-nameward=${cookie}` };
}

async function open({ app }: TestPeople, proof: Record<string, string>): Promise<Response> {
  const headers = { ...proof, "Sec-Fetch-Site": "same-origin" };
  const request = new Request(`${origin}/api/v1/events`, { headers });
  return app(request, parseAddress("198.51.100.9")!);
}

async function listen(service: TestPeople, proof: Record<string, string>): Promise<Reader> {
  const { body, status } = await open(service, proof);
  expect(status).toBe(200);
  return body!.getReader() as Reader;
}

/** Reads one piece: of a stream that goes on that is its head or a comment. */
async function isOver(reader: Reader): Promise<boolean> {
  return (await reader.read()).done;
}
