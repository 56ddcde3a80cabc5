import { expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { systemClock } from "../base/clock.ts";
import { openGnudipProof } from "../core/login-proof.ts";
import type { Login } from "../core/login.ts";
import { isSameVerifier, makeProofVerifier, makeVerifier } from "../core/verifier.ts";
import { openStore } from "../store/open-store.ts";
import { openPepper } from "../store/pepper.ts";
import { openSecretsKey } from "../store/secrets-key.ts";
import { CommandLine } from "../../test/command-line.ts";
import type { Ended } from "../../test/command-line.ts";
import { quietLog } from "../../test/quiet-log.ts";

const password = "correct horse battery";

/** A data folder with the zone dyn.test, the user alice, and the hosts named. */
async function begin(...hosts: readonly string[]): Promise<CommandLine> {
  const line = new CommandLine();
  await line.json(["zone", "add", "dyn.test"]);
  await line.json(["user", "add", "alice", "--password-stdin"], password);
  for (const host of hosts) await line.json(["host", "add", host, "--user", "alice"]);
  return line;
}

test("a zone, a user, a host and a login are made and listed under stable names", async () => {
  using line = await begin("Cam1.DYN.test.");
  expect(await line.json<unknown>(["zone", "list"])).toEqual([
    { apex: "dyn.test", private: false, serial: expect.any(Number), open: [] },
  ]);
  expect(await line.json<unknown>(["user", "list"])).toEqual([{ name: "alice", admin: false }]);
  const host = {
    name: "cam1.dyn.test",
    zone: "dyn.test",
    user: "alice",
    state: "waiting",
    addresses: [],
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    changedAt: null,
  };
  expect(await line.json<unknown>(["host", "list"])).toEqual([host]);
  expect(await line.json<unknown>(["host", "show", "cam1.dyn.test"])).toEqual({
    ...host,
    interfaceId: null,
    challenges: [],
    receipts: [],
  });
});

test("a host has an interface identifier when it is made, when it is set, and until it is taken away", async () => {
  using line = await begin();
  const add = ["host", "add", "nas.dyn.test", "--user", "alice", "--interface-id", "::00AA:1"];
  await line.json(add);
  const shown = async (): Promise<unknown> =>
    (await line.json<{ interfaceId: unknown }>(["host", "show", "nas.dyn.test"])).interfaceId;
  expect(await shown()).toBe("::aa:1");
  const set = ["host", "set", "nas.dyn.test"];
  for (let times = 0; times < 2; times++) {
    expect(await line.json<unknown>([...set, "--interface-id", "::1:2:3:4"])).toEqual({
      name: "nas.dyn.test",
      interfaceId: "::1:2:3:4",
    });
  }
  expect(await shown()).toBe("::1:2:3:4");
  const show = await line.run(["host", "show", "nas.dyn.test"]);
  expect(show.stdout).toMatch(/^interface id +::1:2:3:4$/m);
  expect((await line.run([...set, "--no-interface-id"])).stdout).toBe(
    "Host nas.dyn.test has no interface identifier.\n",
  );
  expect(await shown()).toBeNull();
  const both = ["--no-interface-id", "--interface-id", "::1"];
  for (const flags of [[], both]) expect((await line.run([...set, ...flags])).code).toBe(2);
});

test("the texts of a host's challenges are shown, the oldest first", async () => {
  using line = await begin("cam1.dyn.test");
  const url = join(line.data, "nameward.db");
  {
    await using store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
    for (const value of ["first", "second"]) {
      await store.changeChallenges([1], { kind: "add", value }, []);
    }
  }
  expect(await line.json<unknown>(["host", "show", "cam1.dyn.test"])).toMatchObject({
    challenges: ["first", "second"],
  });
  const { stdout } = await line.run(["host", "show", "cam1.dyn.test"]);
  expect(stdout).toMatch(/^challenge +first\nchallenge +second$/m);
});

test("only the hash of an account password is kept: argon2id with 19 MiB and two passes", async () => {
  using line = await begin();
  using database = new Database(join(line.data, "nameward.db"), { readonly: true });
  const columns = Object.values(database.query("select * from user").get() as object).map(String);
  const hash = columns.find((value) => value.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"))!;
  expect(await Bun.password.verify(password, hash)).toBe(true);
  for (const name of readdirSync(line.data)) {
    const octets = await Bun.file(join(line.data, name)).bytes();
    expect(Buffer.from(octets).includes(password)).toBe(false);
    expect([name, statSync(join(line.data, name)).mode & 0o077]).toEqual([name, 0]);
  }
});

const refusedUsers = [
  ["alice", "short", "Wanted: 12 to 128 characters."],
  ["alice", "x".repeat(129), "Wanted: 12 to 128 characters."],
  ["alice", "", "The password is empty."],
  ["alice", "\n", "The password is empty."],
  ["alice", "two lines\nof password", "control character or more than one line"],
  ["alice", "alice1234567", "little more than words that are guessed first, or your name"],
  ["alice", "x".repeat(5_000), "longer than 4096 octets"],
  ["al ice", password, "cannot be the name of a user"],
  ["alice@home", password, "cannot be the name of a user"],
] as const;

for (const [name, given, says] of refusedUsers) {
  test(`the user ${name} with ${JSON.stringify(given.slice(0, 24))} is refused: ${says}`, async () => {
    using line = new CommandLine();
    const { code, stderr } = await line.run(["user", "add", name, "--password-stdin"], given);
    expect(stderr).toContain(says);
    expect(code).toBe(1);
    expect(readdirSync(line.data)).toEqual([]);
  });
}

test("a password is counted in characters, and one line end behind it is not a part of it", async () => {
  using line = new CommandLine();
  const argv = ["user", "add", "alice", "--password-stdin"];
  expect((await line.run(argv, `${"äöüßéèàùçñ".repeat(2).slice(0, 12)}\r\n`)).code).toBe(0);
  const again = await line.run(argv, password);
  expect([again.code, again.stderr]).toEqual([1, "error: The user alice is there already.\n"]);
});

test("a generated login is printed once, and opens with what is stored", async () => {
  using line = await begin("cam1.dyn.test", "cam2.dyn.test");
  const hosts = "cam1.dyn.test,cam2.dyn.test";
  const argv = ["login", "add", "--user", "alice", "--hosts", hosts];
  const printed = await line.json<{ username: string; password: string }>(argv);
  expect(printed.username).toMatch(/^[1-9A-HJ-NP-Za-km-z]{8}$/);
  expect(printed.password).toMatch(/^[1-9A-HJ-NP-Za-km-z]{20}$/);
  expect(await line.json<unknown>(["login", "list"])).toEqual([
    {
      username: printed.username,
      user: "alice",
      allHosts: false,
      hosts: hosts.split(","),
      defaultHost: null,
      accepts: [],
      onlyChallenges: false,
      from: [],
    },
  ]);
  const stored = await findVerifier(line, printed.username);
  const pepper = await openPepper(line.data);
  const right = makeVerifier(pepper, printed.username, printed.password);
  const wrong = makeVerifier(pepper, printed.username, `${printed.password}x`);
  expect(isSameVerifier(stored, right)).toBe(true);
  expect(isSameVerifier(stored, wrong)).toBe(false);
});

test("a given login is kept as the octets that a device sends, and a weak password is told", async () => {
  using line = await begin();
  const argv = ["login", "add", "--user", "alice", "--all-hosts", "--password-stdin", "--username"];
  const { code, stdout, stderr } = await line.run([...argv, "café"], "grün\n");
  expect([code, stdout]).toEqual([0, "username  café\npassword  grün\n"]);
  expect(stderr).toContain("warning: The password is weak: it has 4 characters");
  const octets = Buffer.from("café").toString("latin1");
  const stored = await findVerifier(line, octets);
  const verifier = makeVerifier(
    await openPepper(line.data),
    octets,
    Buffer.from("grün").toString("latin1"),
  );
  expect(isSameVerifier(stored, verifier)).toBe(true);
  expect((await line.run([...argv, "cam"], "Kk7mQ2xV9dRt4pLz")).stderr).toBe("");
  expect((await line.run([...argv, "cam"], "Kk7mQ2xV9dRt4pLz")).stderr).toContain("is taken");
  expect((await line.run([...argv, "a:b"], "Kk7mQ2xV9dRt4pLz")).stderr).toContain("a colon");
  expect((await line.run(["login", "revoke", "café"])).code).toBe(0);
  expect((await line.run(["login", "revoke", "café"])).code).toBe(1);
});

test("what a login accepts and where it may be used is kept and listed", async () => {
  using line = await begin("cam1.dyn.test", "cam2.dyn.test");
  const argv = ["login", "add", "--user", "alice", "--all-hosts", "--username", "cam"];
  const limits = ["--only-challenges", "--from", "192.0.2.0/24, 2001:db8::/32"];
  const accepts = ["--accepts", "token,SHA1,md5,gnudip,token", "--default-host", "cam2.dyn.test"];
  const { password: secret } = await line.json<{ password: string }>([
    ...argv,
    ...limits,
    ...accepts,
  ]);
  expect(await line.json<unknown>(["login", "list"])).toMatchObject([
    {
      defaultHost: "cam2.dyn.test",
      accepts: ["gnudip", "md5", "sha1", "token"],
      onlyChallenges: true,
      from: ["192.0.2.0/24", "2001:db8::/32"],
    },
  ]);
  const { stdout } = await line.run(["login", "list"]);
  expect(stdout).toContain("password gnudip md5 sha1 token");
  expect(stdout).toContain(
    "only challenges, from 192.0.2.0/24 2001:db8::/32, cam2.dyn.test by default",
  );
  const login = await findLogin(line, "cam");
  const token = makeProofVerifier(await openPepper(line.data), "token", secret);
  const kept = login.proofs.find(({ kind }) => kind === "token");
  expect(kept).toEqual({ kind: "token", verifier: token });
  const key = await openSecretsKey(line.data);
  const md5 = new Bun.CryptoHasher("md5").update(secret).digest("hex");
  expect(Buffer.from(openGnudipProof(login, key)!).toString()).toBe(md5);
});

test("a secret is sealed under the key that the others were sealed with, or not at all", async () => {
  using line = await begin("cam1.dyn.test");
  const argv = ["login", "add", "--user", "alice", "--all-hosts", "--accepts", "gnudip"];
  const keyFile = join(line.data, "secrets.key");
  await line.json(argv);
  await line.json(argv);
  const key = readFileSync(keyFile);
  rmSync(keyFile);
  expect((await line.run(argv)).stderr).toContain("Restore it from a backup");
  writeFileSync(keyFile, `${"00".repeat(32)}\n`);
  expect((await line.run(argv)).stderr).toContain("is not the one that the secret of the login");
  writeFileSync(keyFile, key);
  expect((await line.run(argv)).code).toBe(0);
  expect(await line.json<readonly unknown[]>(["login", "list"])).toHaveLength(3);
});

async function findVerifier(line: CommandLine, username: string): Promise<Uint8Array> {
  return (await findLogin(line, username)).verifier;
}

async function findLogin(line: CommandLine, username: string): Promise<Login> {
  const url = join(line.data, "nameward.db");
  await using store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
  return (await store.listLogins()).find((login) => login.username === username)!;
}

const zoneOpened = ["zone", "open", "dyn.test", "--for", "alice", "--by", "device"];
const loginOfAlice = ["login", "add", "--user", "alice", "--hosts", "cam1.dyn.test"];
const refusals: readonly (readonly [argv: readonly string[], says: string])[] = [
  [["host", "add", "cam1.dyn.test", "--user", "alice"], "is there already"],
  [["host", "add", "cam4.dyn.test", "--user", "alcie"], "Did you mean alice?"],
  [["host", "add", "cam.other.test", "--user", "alice"], "is in no zone of this service"],
  [["host", "add", "cam..dyn.test", "--user", "alice"], "is not a full host name"],
  [["host", "set", "cam9.dyn.test", "--no-interface-id"], "There is no host cam9.dyn.test."],
  [["host", "set", "cam1.dyn.test", "--interface-id", "2001:db8::1"], "is no interface identifier"],
  [["host", "show", "cam9.dyn.test"], "There is no host cam9.dyn.test."],
  [["host", "delete", "cam9.dyn.test"], "There is no host cam9.dyn.test."],
  [["host", "list", "--zone", "dny.test"], "Did you mean dyn.test?"],
  [["login", "add", "--user", "bob", "--hosts", "cam1.dyn.test"], "does not belong to bob"],
  [[...loginOfAlice, "--accepts", "token,sha2"], "is no proof that a login can accept"],
  [[...loginOfAlice, "--from", "192.0.2.1/24"], "is not a network"],
  [[...loginOfAlice, "--default-host", "cam9.dyn.test"], "There is no host cam9.dyn.test."],
  [[...loginOfAlice, "--default-host", "cam2.dyn.test"], "is not among --hosts"],
  [[...loginOfAlice, "--default-host", "cam3.dyn.test"], "does not belong to alice"],
  [[...loginOfAlice, "--username", "x".repeat(129)], "has more than 128 octets"],
  [["zone", "add", "dyn.test"], "is there already"],
  [["zone", "open", "dyn.test", "--for", "alice", "--by", "devices"], "Wanted: device or acme."],
  [[...zoneOpened, "--hosts-max", "0"], "is no number of hosts"],
  [["zone", "open", "dyn.test", "--for", "carol", "--by", "acme"], 'There is no user "carol".'],
  [["zone", "close", "dyn.test", "--by", "device"], "is not open for device"],
  [["zone", "add", "test"], "is not a full host name"],
  [["zone", "add", "x.test", "--ns", "ns1"], "is not a full host name"],
  [["zone", "remove", "dyn.test"], "Say --yes to remove it."],
  [["zone", "export", "other.test"], "There is no zone other.test."],
];

test("what cannot be done is refused with a reason, exit code 1, and nothing changed", async () => {
  using line = await begin("cam1.dyn.test", "cam2.dyn.test");
  await line.json(["user", "add", "bob", "--password-stdin"], password);
  await line.json(["host", "add", "cam3.dyn.test", "--user", "bob"]);
  const before = await everything(line);
  for (const [argv, says] of refusals) {
    const { code, stdout, stderr } = await line.run(argv);
    expect([argv, code, stdout, stderr]).toEqual([argv, 1, "", expect.stringContaining(says)]);
    const json = await line.run([...argv, "--json"]);
    const told = JSON.parse(json.stderr) as { error: string; fix: string | null };
    expect(`${told.error} ${told.fix}`).toContain(says);
  }
  expect(await everything(line)).toEqual(before);
});

async function everything(line: CommandLine): Promise<readonly unknown[]> {
  const lists = [
    ["zone", "list"],
    ["user", "list"],
    ["host", "list"],
    ["login", "list"],
  ];
  return Promise.all(lists.map((argv) => line.json(argv)));
}

test("a zone is opened for one user, listed as open, and closed", async () => {
  using line = await begin();
  await line.json(["user", "add", "bob", "--password-stdin"], password);
  await line.json(["zone", "add", "auth.test"]);
  const open = async (): Promise<readonly unknown[]> =>
    (await line.json<readonly { open: unknown }[]>(["zone", "list"])).map((zone) => zone.open);
  expect(await line.json<unknown>(zoneOpened)).toMatchObject({ user: "alice", hostsMax: 1_000 });
  await line.json([...zoneOpened, "--hosts-max", "7"]);
  await line.json(["zone", "open", "auth.test", "--for", "bob", "--by", "acme"]);
  expect(await open()).toEqual([
    [{ by: "device", user: "alice", hostsMax: 7 }],
    [{ by: "acme", user: "bob", hostsMax: 1_000 }],
  ]);
  expect((await line.run(["zone", "list"])).stdout).toContain("device for alice");
  const other = await line.run(["zone", "open", "dyn.test", "--for", "bob", "--by", "device"]);
  expect(other.stderr).toContain("nameward zone close dyn.test --by device");
  const second = await line.run(["zone", "open", "dyn.test", "--for", "bob", "--by", "acme"]);
  expect(second.stderr).toContain("auth.test is open for ACME programs already");
  await line.json(["zone", "close", "dyn.test", "--by", "device"]);
  expect(await open()).toEqual([[], [{ by: "acme", user: "bob", hostsMax: 1_000 }]]);
});

test("hosts are listed page by page", async () => {
  const names = ["a", "b", "c", "d", "e"].map((label) => `${label}.dyn.test`);
  using line = await begin(...names);
  const list = (...argv: readonly string[]) => line.run(["host", "list", "--limit", "2", ...argv]);
  const namesIn = ({ stdout }: Ended): string[] => [...(stdout.match(/\S+\.dyn\.test/g) ?? [])];
  const first = await list();
  expect(first.stderr).toBe("warning: There are more: --after b.dyn.test\n");
  expect(namesIn(first)).toEqual(names.slice(0, 2));
  const last = await list("--after", "d.dyn.test", "--user", "alice", "--zone", "dyn.test");
  expect([last.stderr, namesIn(last)]).toEqual(["", names.slice(4)]);
});

test("a host belongs to the innermost zone above it, and goes with it", async () => {
  using line = await begin();
  await line.json(["zone", "add", "in.dyn.test"]);
  const added = ["host", "add", "cam.in.dyn.test", "--user", "alice"];
  expect(await line.json<{ zone: string }>(added)).toMatchObject({ zone: "in.dyn.test" });
  expect(await line.json<unknown>(["zone", "remove", "in.dyn.test", "--yes"])).toEqual({
    apex: "in.dyn.test",
    hosts: 1,
  });
  expect(await line.json<unknown>(["host", "list"])).toEqual([]);
});

test("what a device sent cannot steer the terminal of who looks at its receipts", async () => {
  using line = await begin("cam1.dyn.test");
  const url = join(line.data, "nameward.db");
  {
    await using store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
    const host = (await store.listHosts({ limit: 1 }))[0]!;
    const v4 = Uint8Array.of(192, 0, 2, 7);
    const receipt = {
      atMs: 1_700_000_000_000,
      host: host.id,
      asked: "cam1.dyn.test",
      username: "\u001b[2J",
      peer: "192.0.2.7",
      adapter: "dyndns",
      userAgent: "x\u001b]0;owned\u0007",
      outcome: "changed",
      addresses: "192.0.2.7",
      note: "$(reboot)\n",
    };
    await store.commit([{ host: host.id, v4, v6: undefined, atMs: receipt.atMs }], [receipt]);
  }
  const { stdout } = await line.run(["host", "show", "cam1.dyn.test"]);
  expect(stdout).toMatch(/state +current\n/);
  expect(stdout).toMatch(/2023-11-14T22:13:20Z +changed +192\.0\.2\.7/);
  expect(stdout.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
});
