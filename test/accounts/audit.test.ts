/** What the audit log has to have (ASVS 16.3.1 to 16.3.3, row A39): each thing is done, and its entry is looked for. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { parseAddress } from "../../src/base/address.ts";
import { checkChain } from "../../src/core/audit-entry.ts";
import { parseHostName } from "../../src/core/host-name.ts";
import { goodPassword, origin, startPeople } from "../people.ts";
import type { Browser, TestPeople } from "../people.ts";

// Real password hashes, on whatever machine.
setDefaultTimeout(60_000);

interface Scene {
  readonly service: TestPeople;
  readonly admin: Browser;
  readonly bob: Browser;
}

type Told = readonly [action: string, result: "ok" | "refused", target: string];

const signIn = { name: "bob", password: goodPassword };
const policy = { actions: ["hosts:read"] };

const things: readonly (readonly [string, (scene: Scene) => Promise<unknown>, Told])[] = [
  ["a sign-in", ({ bob }) => bob.must("POST", "/session", signIn), ["session.begin", "ok", "bob"]],
  [
    "a wrong password",
    ({ bob }) => bob.call("POST", "/session", { ...signIn, password: "wrong" }),
    ["session.begin", "refused", "bob"],
  ],
  [
    "a sign-in of who is suspended",
    async ({ admin, bob }) => {
      await admin.must("PATCH", "/users/bob", { isSuspended: true });
      await bob.call("POST", "/session", signIn);
    },
    ["session.begin", "refused", "bob"],
  ],
  [
    "a proof that it is still the same person",
    ({ bob }) => bob.must("POST", "/session/step-up", { password: goodPassword }),
    ["session.prove", "ok", "bob"],
  ],
  [
    "a wrong proof",
    ({ bob }) => bob.call("POST", "/session/step-up", { password: "wrong" }),
    ["session.prove", "refused", "bob"],
  ],
  ["a sign-out", ({ bob }) => bob.must("DELETE", "/session"), ["session.end", "ok", "bob"]],
  [
    "a wrong password before a new one",
    ({ bob }) => bob.call("PUT", "/account/password", { current: "x", next: "six brave larks up" }),
    ["password.change", "refused", "bob"],
  ],
  [
    "a token that is made",
    ({ bob }) => bob.must("POST", "/tokens", { name: "a", policy }),
    ["token.add", "ok", ""],
  ],
  [
    "a token that is used for the first time",
    async ({ service, bob }) => {
      const { secret } = await bob.must("POST", "/tokens", { name: "a", policy });
      await callAs(service, String(secret), "/hosts");
    },
    ["token.first-use", "ok", ""],
  ],
  [
    "a token that is revoked",
    async ({ bob }) => {
      const { token } = await bob.must("POST", "/tokens", { name: "a", policy });
      await bob.must("DELETE", `/tokens/${(token as { id: string }).id}`);
    },
    ["token.revoke", "ok", ""],
  ],
  [
    "a token that may not do it",
    async ({ service, bob }) => {
      const { secret } = await bob.must("POST", "/tokens", { name: "a", policy });
      expect(await callAs(service, String(secret), "/logins")).toBe(403);
    },
    ["access.refuse", "refused", "GET /logins"],
  ],
  [
    "a token that nobody knows",
    async ({ service }) =>
      expect(await callAs(service, `nwt_${"1".repeat(44)}`, "/hosts")).toBe(401),
    ["access.refuse", "refused", "GET /hosts"],
  ],
  [
    "a person who is no administrator",
    async ({ bob }) => expect((await bob.call("GET", "/users")).status).toBe(403),
    ["access.refuse", "refused", "GET /users"],
  ],
  [
    "a host that is made",
    ({ bob }) => bob.must("POST", "/hosts", { name: "cam.dyn.test" }),
    ["host.add", "ok", "cam.dyn.test"],
  ],
  [
    "a host that is held",
    async ({ admin, bob }) => {
      await bob.must("POST", "/hosts", { name: "cam.dyn.test" });
      await admin.must("PUT", "/hosts/cam.dyn.test/hold", { isHeld: true, why: "a report" });
    },
    ["host.hold", "ok", "cam.dyn.test"],
  ],
  [
    "a host that is deleted",
    async ({ bob }) => {
      await bob.must("POST", "/hosts", { name: "cam.dyn.test" });
      await bob.must("DELETE", "/hosts/cam.dyn.test");
    },
    ["host.delete", "ok", "cam.dyn.test"],
  ],
  [
    "a host whose name is blocked",
    async ({ admin, bob }) => {
      await bob.must("POST", "/hosts", { name: "cam.dyn.test" });
      await admin.must("DELETE", "/hosts/cam.dyn.test?block=true");
    },
    ["host.delete-and-block", "ok", "cam.dyn.test"],
  ],
  [
    "a device login that is made",
    ({ bob }) => bob.must("POST", "/logins", { hosts: "all" }),
    ["login.add", "ok", ""],
  ],
  [
    "a setting that is changed",
    ({ admin }) => admin.must("PATCH", "/settings", { hostsMax: "7" }),
    ["setting.change", "ok", "hostsMax"],
  ],
  [
    "an account that is changed by another",
    ({ admin }) => admin.must("PATCH", "/users/bob", { quota: { hosts: 7 } }),
    ["account.change", "ok", "bob"],
  ],
  [
    "second factors that are taken away by another (A24)",
    ({ admin }) => admin.must("DELETE", "/users/bob/second-factors"),
    ["second-factor.remove", "ok", "bob"],
  ],
  [
    "an invitation",
    ({ admin }) => admin.must("POST", "/invitations", { mail: "eve@example.net" }),
    ["invitation.make", "ok", "eve@example.net"],
  ],
  [
    "the log taken away as a file",
    ({ admin }) => admin.call("GET", "/audit/export?format=csv&q=actor:bob"),
    ["audit.export", "ok", "csv"],
  ],
];

for (const [title, act, [action, result, target]] of things) {
  test(`${title} is in the audit log, which holds`, async () => {
    await using service = await startPeople();
    const admin = await service.setUp();
    const bob = await service.addPerson(admin, "bob");
    const zone = await service.store.addZone(parseHostName("dyn.test")!, false, 1, []);
    if (zone.kind !== "made") throw new Error(zone.kind);
    await service.store.hostNotes.setShared(zone.made.id, true);
    await service.settle();
    const before = (await service.store.operator.listAudit({ limit: 1 }))[0]?.id ?? 0;
    await act({ service, admin, bob });
    await service.settle();
    const entries = await service.store.operator.readAudit(before, 100);
    const told = entries.findLast((entry) => entry.action === action && entry.result === result);
    expect(told).toMatchObject({
      actor: expect.stringMatching(/./),
      peer: expect.stringMatching(/^198\.51\.100\./),
      target: target === "" ? expect.any(String) : target,
      atMs: service.clock.now(),
    });
    expect((await checkChain(service.store.operator)).kind).toBe("holds");
  });
}

async function callAs({ app }: TestPeople, secret: string, path: string): Promise<number> {
  const headers = { Authorization: `Bearer ${secret}` };
  const request = new Request(`${origin}/api/v1${path}`, { headers });
  return (await app(request, parseAddress("198.51.100.77")!)).status;
}

test("people find in their own log what an administrator did with their account", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  const bob = await service.addPerson(admin, "bob");
  await admin.must("PATCH", "/users/bob", { quota: { hosts: 7 } });
  const { items } = await bob.must("GET", "/account/audit");
  expect(items).toContainEqual(
    expect.objectContaining({ actor: "alice", action: "account.change", target: "bob" }),
  );
});
