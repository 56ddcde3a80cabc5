import { expect, test } from "bun:test";
import { goodPassword, origin, startPeople } from "../../../test/people.ts";
import type { Answer, Browser } from "../../../test/people.ts";
import { SoftwarePasskey } from "../../../test/software-passkey.ts";
import type { PasskeyOptions } from "../../../test/software-passkey.ts";

interface Begun {
  readonly ceremony: string;
  readonly challenge: string;
}

async function begin(browser: Browser, path: string, body: unknown = {}): Promise<Begun> {
  const { ceremony, options } = await browser.must("POST", path, body);
  return { ceremony: String(ceremony), challenge: (options as { challenge: string }).challenge };
}

async function add(
  browser: Browser,
  passkey: SoftwarePasskey,
  given: PasskeyOptions = {},
): Promise<Answer> {
  const { ceremony, challenge } = await begin(browser, "/account/passkeys/begin");
  const response = passkey.register(challenge, given);
  return browser.call("POST", "/account/passkeys/end", { ceremony, name: "laptop", response });
}

async function signIn(
  browser: Browser,
  passkey: SoftwarePasskey,
  given: PasskeyOptions = {},
  ticket?: string,
): Promise<Answer> {
  const body = ticket === undefined ? {} : { ticket };
  const { ceremony, challenge } = await begin(browser, "/session/passkey/begin", body);
  const response = passkey.signIn(challenge, given);
  return browser.call("POST", "/session/passkey/end", { ceremony, response });
}

test("a passkey is added, signs in alone, is listed as used, and is given up", async () => {
  await using people = await startPeople();
  const alice = await people.setUp();
  const passkey = new SoftwarePasskey(origin);
  const added = await add(alice, passkey);
  expect(added.status).toBe(201);
  expect(added.body["recoveryCodes"]).toHaveLength(10);
  expect(await alice.isSignedIn()).toBe(true);

  const other = people.browser();
  expect(await signIn(other, passkey)).toMatchObject({ status: 200, body: { state: "signed-in" } });
  expect(await other.isSignedIn()).toBe(true);
  const { items } = await alice.must("GET", "/account/passkeys");
  expect(items).toMatchObject([{ name: "laptop", usedAt: expect.stringMatching(/Z$/) }]);

  // A second one brings no new recovery codes: the first ones are still good.
  const second = await add(alice, new SoftwarePasskey(origin));
  expect(second.body["recoveryCodes"]).toEqual([]);
  const id = passkey.id.toString("base64url");
  expect((await alice.call("DELETE", `/account/passkeys/${id}`)).status).toBe(204);
  expect((await signIn(people.browser(), passkey)).status).toBe(401);
});

test("behind a password it is the second factor", async () => {
  await using people = await startPeople();
  const alice = await people.setUp();
  const passkey = new SoftwarePasskey(origin);
  await add(alice, passkey);
  const other = people.browser();
  const asked = await other.must("POST", "/session", { name: "alice", password: goodPassword });
  expect(asked).toMatchObject({ state: "second-factor" });
  expect(asked["methods"]).toContain("passkey");
  expect(await other.isSignedIn()).toBe(false);
  // There it need not verify its holder: the password did.
  const answer = await signIn(other, passkey, { isVerified: false }, String(asked["ticket"]));
  expect(answer).toMatchObject({ status: 200, body: { state: "signed-in" } });
});

test("the passkey of one account is no second factor of another", async () => {
  await using people = await startPeople();
  const alice = await people.setUp();
  const bob = await people.addPerson(alice, "bob", "203.0.113.5");
  await add(alice, new SoftwarePasskey(origin));
  const ofBob = new SoftwarePasskey(origin);
  await add(bob, ofBob);
  const thief = people.browser();
  const asked = await thief.must("POST", "/session", { name: "alice", password: goodPassword });
  expect((await signIn(thief, ofBob, {}, String(asked["ticket"]))).status).toBe(401);
  expect(await thief.isSignedIn()).toBe(false);
  const id = ofBob.id.toString("base64url");
  expect((await alice.call("DELETE", `/account/passkeys/${id}`)).status).toBe(404);
  // It is one of its own.
  expect((await signIn(people.browser(), ofBob)).status).toBe(200);
});

const wrong: readonly (readonly [string, PasskeyOptions])[] = [
  ["of another site", { origin: "https://names.example.org" }],
  ["of a site below", { origin: "https://evil.names.example.net" }],
  ["for another name", { rpId: "example.net" }],
  ["for another challenge", { challenge: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }],
];
for (const [title, given] of wrong) {
  test(`an answer ${title} adds nothing and signs nobody in`, async () => {
    await using people = await startPeople();
    const alice = await people.setUp();
    const passkey = new SoftwarePasskey(origin);
    expect((await add(alice, passkey, given)).status).toBe(401);
    expect((await alice.must("GET", "/account/passkeys"))["items"]).toEqual([]);
    expect((await add(alice, passkey)).status).toBe(201);
    const other = people.browser();
    expect((await signIn(other, passkey, given)).status).toBe(401);
    expect(await other.isSignedIn()).toBe(false);
  });
}

test("alone it must have verified its holder, and its counter must grow", async () => {
  await using people = await startPeople();
  const alice = await people.setUp();
  const passkey = new SoftwarePasskey(origin);
  await add(alice, passkey);
  expect((await signIn(people.browser(), passkey, { isVerified: false })).status).toBe(401);
  expect((await signIn(people.browser(), passkey, { counter: 7 })).status).toBe(200);
  for (const counter of [7, 6, 0]) {
    expect((await signIn(people.browser(), passkey, { counter })).status).toBe(401);
  }
  expect((await signIn(people.browser(), passkey, { counter: 8 })).status).toBe(200);
});

test("a ceremony is good once, for its session alone and for five minutes", async () => {
  await using people = await startPeople();
  const alice = await people.setUp();
  const bob = await people.addPerson(alice, "bob", "203.0.113.5");
  const passkey = new SoftwarePasskey(origin);
  const end = (browser: Browser, { ceremony, challenge }: Begun) =>
    browser.call("POST", "/account/passkeys/end", {
      ceremony,
      name: "x",
      response: passkey.register(challenge),
    });
  const stolen = await begin(alice, "/account/passkeys/begin");
  expect((await end(bob, stolen)).status).toBe(401);
  expect((await end(alice, stolen)).status).toBe(401); // it was used
  const late = await begin(alice, "/account/passkeys/begin");
  people.clock.pass(5 * 60_000);
  expect((await end(alice, late)).status).toBe(401);
  expect((await end(alice, await begin(alice, "/account/passkeys/begin"))).status).toBe(201);

  const once = await begin(people.browser(), "/session/passkey/begin");
  const response = passkey.signIn(once.challenge);
  const body = { ceremony: once.ceremony, response };
  expect((await people.browser().call("POST", "/session/passkey/end", body)).status).toBe(200);
  expect((await people.browser().call("POST", "/session/passkey/end", body)).status).toBe(401);
});

test("nonsense is refused like a wrong passkey, and tells nothing of accounts", async () => {
  await using people = await startPeople();
  const browser = people.browser();
  const known = await begin(browser, "/session/passkey/begin");
  const stranger = new SoftwarePasskey(origin);
  const answers: Answer[] = [];
  for (const response of [
    stranger.signIn(known.challenge),
    {},
    { id: 7 },
    { id: "x", response: null },
  ]) {
    const { ceremony } = await begin(browser, "/session/passkey/begin");
    answers.push(await browser.call("POST", "/session/passkey/end", { ceremony, response }));
  }
  const said = answers.map(({ status, body }) => ({ status, ...body, requestId: "" }));
  expect(new Set(said.map((each) => JSON.stringify(each))).size).toBe(1);
  expect(said[0]!.status).toBe(401);
});
