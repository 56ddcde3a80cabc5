import { expect, test } from "bun:test";
import { parseAddress, parseCidr } from "../base/address.ts";
import { systemChance } from "../base/chance.ts";
import { authenticate } from "./authenticate.ts";
import type { Claim } from "./authenticate.ts";
import { Directory } from "./directory.ts";
import { parseHostName } from "./host-name.ts";
import { makeProof } from "./login-proof.ts";
import type { Credential, Login, ProofKind } from "./login.ts";
import { seal, unseal } from "./seal.ts";
import { makeVerifier } from "./verifier.ts";

const pepper = new Uint8Array(32).fill(7);
const secretsKey = new Uint8Array(32).fill(9);
const every: readonly ProofKind[] = ["token", "sha1", "md5", "gnudip"];

type Given = Partial<Login> & {
  readonly password?: string;
  readonly accepts?: readonly ProofKind[];
};

/** Hosts a, b and c.dyn.test with the ids 1, 2 and 3, and the logins. */
async function house(...logins: readonly Given[]) {
  const directory = new Directory(1);
  const zone = { id: 1, apex: parseHostName("dyn.test")!, isPrivate: false, serial: 1 };
  directory.apply({ kind: "zone", id: 1, zone });
  for (const [at, label] of ["a", "b", "c"].entries()) {
    const id = at + 1;
    const nothing = { v4: undefined, v6: undefined, createdAtMs: 0, changedAtMs: undefined };
    const name = parseHostName(`${label}.dyn.test`)!;
    const host = { id, zone: 1, user: 1, name, isBlocked: false, isFixed: false, ...nothing };
    directory.apply({ kind: "host", id, host });
  }
  for (const [at, given] of logins.entries()) {
    const { password = "secret", accepts = [], ...rest } = given;
    const username = rest.username ?? `cam${at}`;
    const parts = {
      pepper,
      chance: systemChance,
      getSecretsKey: () => Promise.resolve(secretsKey),
    };
    const verifier = makeVerifier(pepper, username, password);
    const login: Login = {
      id: at + 1,
      user: 1,
      username,
      verifier,
      hosts: [1],
      proofs: await Promise.all(
        accepts.map((kind) => makeProof(kind, { username, password }, parts)),
      ),
      scope: "all",
      from: [],
      ...rest,
    };
    directory.apply({ kind: "login", id: login.id, login });
  }
  const ask = async (credential: Credential, claim: Partial<Claim> = {}): Promise<string> => {
    const found = await authenticate(
      credential,
      { peer: parseAddress("192.0.2.9")!, hosts: ["a.dyn.test"], naming: "full", ...claim },
      {
        directory,
        pepper,
        openSealed: async (sealed, place) => unseal(secretsKey, sealed, place),
      },
    );
    return found.kind === "login" ? found.login.username : found.note;
  };
  return { directory, ask };
}

// Digests made by hand: printf %s … | sha1sum, md5sum.
const sha1 = "184919728ac1b3dffd6d578692d4625b598927af";
const md5 = "5ebe2294ecd0e0f08eab7690d2a6ee69";
const salt = "0123456789";
const digest = "9f3486e3edc4918b2f4ee712d4c235a9";

const secrets: readonly (readonly [what: string, credential: Credential, kind: ProofKind])[] = [
  ["the password alone", { kind: "token", secret: "secret" }, "token"],
  ["sha1(user|password), FreeDNS", { kind: "sha1", secret: sha1 }, "sha1"],
  ["the same in upper case", { kind: "sha1", secret: sha1.toUpperCase() }, "sha1"],
  ["md5(password), DuiaDNS", { kind: "md5", secret: md5 }, "md5"],
  ["the same in upper case", { kind: "md5", secret: md5.toUpperCase() }, "md5"],
  [
    "an answer to a challenge, GnuDIP",
    { kind: "gnudip", username: "cam0", salt, digest },
    "gnudip",
  ],
  [
    "the same in upper case",
    { kind: "gnudip", username: "cam0", salt, digest: digest.toUpperCase() },
    "gnudip",
  ],
];

for (const [what, credential, kind] of secrets) {
  test(`${what} proves a login that accepts ${kind}, and no other`, async () => {
    const { ask } = await house({ accepts: [kind] });
    expect(await ask(credential)).toBe("cam0");
    const { ask: askOther } = await house({ accepts: every.filter((other) => other !== kind) });
    expect(await askOther(credential)).toContain(`login add --accepts ${kind}`);
  });
}

const wrong: readonly (readonly [what: string, credential: Credential, note: string])[] = [
  ["another password", { kind: "password", username: "cam0", password: "other" }, "is wrong"],
  ["an unknown user", { kind: "password", username: "bob", password: "secret" }, "no device login"],
  ["a token in another case", { kind: "token", secret: "SECRET" }, "No login accepts"],
  ["a token that is the hash", { kind: "token", secret: md5 }, "No login accepts"],
  ["a hash that is the password", { kind: "md5", secret: "secret" }, "No login accepts"],
  ["a secret of 129 characters", { kind: "token", secret: "x".repeat(129) }, "too long"],
  [
    "an answer to another salt",
    { kind: "gnudip", username: "cam0", salt: "9876543210", digest },
    "is wrong",
  ],
  ["no answer", { kind: "gnudip", username: "cam0", salt, digest: "" }, "is wrong"],
  ["GnuDIP's unknown user", { kind: "gnudip", username: "bob", salt, digest }, "no device login"],
];

for (const [what, credential, note] of wrong) {
  test(`${what} proves nothing`, async () => {
    const { ask } = await house({ accepts: every });
    expect(await ask(credential)).toContain(note);
    expect(await ask({ kind: "token", secret: "secret" })).toBe("cam0");
  });
}

test("a token that several logins have is the one that may update every host that is asked for", async () => {
  const accepts = ["token"] as const;
  const { ask } = await house({ accepts, hosts: [1, 2] }, { accepts, hosts: [2, 3] });
  const token = { kind: "token", secret: "secret" } as const;
  expect(await ask(token, { hosts: ["a.dyn.test"] })).toBe("cam0");
  expect(await ask(token, { hosts: ["a.dyn.test", "b.dyn.test"] })).toBe("cam0");
  expect(await ask(token, { hosts: ["c.dyn.test"] })).toBe("cam1");
  expect(await ask(token, { hosts: ["c"], naming: "label" })).toBe("cam1");
  expect(await ask(token, { hosts: ["b.dyn.test"] })).toContain("more than one of them");
  expect(await ask(token, { hosts: ["a.dyn.test", "c.dyn.test"] })).toContain("none of them");
  expect(await ask(token, { hosts: [] })).toContain("more than one of them");
});

test("a token that more than a hundred logins have is nobody's", async () => {
  const other = { accepts: ["token"], hosts: [2] } as const;
  const own = { accepts: ["token"], hosts: [1] } as const;
  const token = { kind: "token", secret: "secret" } as const;
  const { ask } = await house(own, ...Array<Given>(99).fill(other));
  expect(await ask(token)).toBe("cam0");
  const { ask: askMore } = await house(own, ...Array<Given>(100).fill(other));
  expect(await askMore(token)).toContain("More than 100 logins");
});

test("a login that is gone or changed is no longer found by what it accepted", async () => {
  const { ask, directory } = await house(
    { accepts: ["token"], password: "one" },
    { accepts: ["token"], password: "two" },
  );
  expect(await ask({ kind: "token", secret: "one" })).toBe("cam0");
  const bare = { ...directory.findLogin("cam0")!, proofs: [] };
  directory.apply({ kind: "login", id: 1, login: bare });
  directory.apply({ kind: "login", id: 2, login: undefined });
  expect(await ask({ kind: "token", secret: "one" })).toContain("No login accepts");
  expect(await ask({ kind: "token", secret: "two" })).toContain("No login accepts");
  expect(await ask({ kind: "password", username: "cam0", password: "one" })).toBe("cam0");
});

test("a login for some networks is nobody's elsewhere", async () => {
  const from = [parseCidr("192.0.2.0/24")!, parseCidr("2001:db8::/32")!];
  const { ask } = await house({ from, accepts: ["token", "gnudip"] });
  const credentials: readonly Credential[] = [
    { kind: "password", username: "cam0", password: "secret" },
    { kind: "token", secret: "secret" },
    { kind: "gnudip", username: "cam0", salt, digest },
  ];
  for (const credential of credentials) {
    expect(await ask(credential)).toBe("cam0");
    expect(await ask(credential, { peer: parseAddress("2001:db8::9")! })).toBe("cam0");
    const elsewhere = await ask(credential, { peer: parseAddress("198.51.100.9")! });
    expect(elsewhere).toBe("The login may be used from 192.0.2.0/24, 2001:db8::/32 only.");
  }
});

test("what was sealed for another login opens none", async () => {
  const sealed = seal(secretsKey, Buffer.from(md5, "latin1"), "gnudip bob", systemChance);
  const { ask } = await house({ proofs: [{ kind: "gnudip", sealed }] });
  const note = await ask({ kind: "gnudip", username: "cam0", salt, digest });
  expect(note).toContain("sealed under another");
});
