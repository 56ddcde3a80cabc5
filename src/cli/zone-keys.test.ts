import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { systemChance } from "../base/chance.ts";
import { systemClock } from "../base/clock.ts";
import { openZoneKey } from "../core/zone-key.ts";
import { findPublicKey } from "../dns/ecdsa.ts";
import { openStore } from "../store/open-store.ts";
import { openSecretsKey } from "../store/secrets-key.ts";
import { CommandLine } from "../../test/command-line.ts";
import { quietLog } from "../../test/quiet-log.ts";
import type { Json } from "./command.ts";

interface Keys {
  readonly stage: string;
  readonly ds: readonly string[];
  readonly dnskey: readonly string[];
  readonly keys: readonly { readonly tag: number; readonly state: string }[];
  readonly next: { readonly step: string; readonly from: string | null } | null;
}

async function begin(): Promise<CommandLine> {
  const line = new CommandLine();
  await line.json(["zone", "add", "dyn.test", "--ns", "ns.example.net"]);
  return line;
}

/** As if the keys had been in their states for long. */
function letTimePass(line: CommandLine): void {
  using database = new Database(join(line.data, "nameward.db"));
  database.run("update zone_key set state_since_ms = 0, waits_until_ms = 0");
}

function statesOf({ keys }: Keys): readonly string[] {
  return keys.map(({ state }) => state);
}

test("a zone is signed once, and its DS is printed as often as it is asked for", async () => {
  using line = await begin();
  const first = await line.json<Keys>(["zone", "sign", "dyn.test"]);
  expect(first).toMatchObject({ stage: "signed", keys: [{ algorithm: 13, state: "active" }] });
  const tag = first.keys[0]!.tag;
  expect(first.ds).toEqual([
    expect.stringMatching(new RegExp(`^dyn\\.test\\. IN DS ${tag} 13 2 [0-9A-F]{64}$`)),
  ]);
  expect(first.dnskey).toEqual([
    expect.stringMatching(/^dyn\.test\. IN DNSKEY 257 3 13 [\w+/]{86}==$/),
  ]);
  expect(await line.json<Keys>(["zone", "sign", "dyn.test"])).toEqual(first);
  const { ds, dnskey } = first;
  expect(await line.json<Json>(["zone", "ds", "dyn.test"])).toEqual({
    apex: "dyn.test",
    ds,
    dnskey,
  });
  expect((await line.run(["zone", "ds", "dyn.test"])).stdout).toBe(`${ds[0]}\n`);
  const { stdout } = await line.run(["zone", "sign", "dyn.test"]);
  expect(stdout).toContain(`${ds[0]}\n`);
  expect(stdout).toMatch(/From \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ on, give its parent/);
});

test("many who sign a zone at once end up with one key", async () => {
  using line = await begin();
  const argv = ["zone", "sign", "dyn.test"];
  const printed = await Promise.all(Array.from({ length: 5 }, () => line.json<Keys>(argv)));
  expect(new Set(printed.map(({ keys }) => keys[0]!.tag)).size).toBe(1);
});

test("the secret of a key is in no file of the data folder as it is", async () => {
  using line = await begin();
  await line.json(["zone", "sign", "dyn.test"]);
  const url = join(line.data, "nameward.db");
  await using store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
  const [key] = await store.listKeys((await store.listZones())[0]!.id);
  const opened = openZoneKey("dyn.test", key!, await openSecretsKey(line.data))!;
  const secret = Buffer.from(opened.export({ format: "jwk" }).d!, "base64url");
  const files = readdirSync(line.data);
  expect(files).toContain("nameward.db-wal");
  for (const file of files) {
    const octets = readFileSync(join(line.data, file));
    expect([file, octets.includes(secret)]).toEqual([file, false]);
  }
  expect(findPublicKey(secret)).toEqual(key!.dnskey.slice(4)); // it is the one
});

test("a roll-over is refused until each step is due, and changes nothing before", async () => {
  using line = await begin();
  const roll = ["zone", "roll", "dyn.test"];
  const first = await line.json<Keys>(["zone", "sign", "dyn.test"]);
  expect(await line.json<Keys>([...roll, "--continue"])).toMatchObject({ keys: first.keys });
  const published = await line.json<Keys>(roll);
  expect(statesOf(published)).toEqual(["active", "published"]);
  expect(published.ds).toEqual(first.ds); // the parent is asked for nothing yet
  await refusesTooEarly(line, roll);

  letTimePass(line);
  const switched = await line.json<Keys>(roll);
  expect(statesOf(switched)).toEqual(["retiring", "active"]);
  expect(switched.ds).not.toEqual(first.ds);
  const waiting = await line.run(roll);
  expect([waiting.code, waiting.stderr]).toEqual([1, expect.stringContaining("--ds-seen")]);

  const followed = await line.json<Keys>([...roll, "--ds-seen"]);
  expect(statesOf(followed)).toEqual(["retired", "active"]);
  await refusesTooEarly(line, roll);
  letTimePass(line);
  const done = await line.json<Keys>([...roll, "--continue"]);
  expect(done.keys).toMatchObject([{ tag: switched.keys[1]!.tag, state: "active" }]);
  expect(done.ds).toEqual(switched.ds);
  expect(done.next).toBeNull();
});

async function refusesTooEarly(line: CommandLine, argv: readonly string[]): Promise<void> {
  const before = await everything(line);
  const { code, stdout, stderr } = await line.run([...argv, "--json"]);
  expect([code, stdout]).toEqual([1, ""]);
  const told = JSON.parse(stderr) as { error: string; fix: string } & Keys;
  expect(told.error).toContain("too early");
  expect(told.next!.from).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(told.error).toContain(told.next!.from!);
  expect(told.fix).toContain(told.next!.from!);
  expect(await everything(line)).toEqual(before);
}

async function everything(line: CommandLine): Promise<readonly Json[]> {
  return [
    await line.json<Json>(["zone", "keys", "dyn.test"]),
    await line.json<Json>(["zone", "list"]),
  ];
}

test("a zone goes unsigned when its parent has let go of it, and can stay until then", async () => {
  using line = await begin();
  const unsign = ["zone", "unsign", "dyn.test"];
  const first = await line.json<Keys>(["zone", "sign", "dyn.test"]);
  expect(statesOf(await line.json<Keys>(unsign))).toEqual(["withdrawing"]);
  expect((await line.run(["zone", "ds", "dyn.test"])).stdout).toBe("");
  expect((await line.run(unsign)).stderr).toContain("--ds-gone");
  expect(await line.json<Keys>(["zone", "sign", "dyn.test"])).toMatchObject({ ds: first.ds });

  await line.json(unsign);
  expect((await line.run(["zone", "roll", "dyn.test"])).stderr).toContain("about to be served");
  expect(statesOf(await line.json<Keys>([...unsign, "--ds-gone"]))).toEqual(["withdrawn"]);
  await refusesTooEarly(line, unsign);
  letTimePass(line);
  expect(await line.json<Keys>(unsign)).toMatchObject({ stage: "unsigned", keys: [], ds: [] });
  expect((await line.run(["zone", "ds", "dyn.test"])).code).toBe(1);
});

test("a zone that was never delegated securely goes unsigned at once", async () => {
  using line = await begin();
  await line.json(["zone", "sign", "dyn.test"]);
  await line.json(["zone", "roll", "dyn.test"]);
  rmSync(join(line.data, "secrets.key")); // whoever has lost it can still leave
  expect(await line.json<Keys>(["zone", "unsign", "dyn.test", "--now"])).toMatchObject({
    keys: [],
  });
});

const withSecrets = [
  ["zone", "roll", "dyn.test"],
  ["zone", "sign", "other.test"],
  ["zone", "export", "dyn.test", "--signed"],
] as const;

test("without the key file, or with another one, nothing is made over what is sealed", async () => {
  using line = await begin();
  await line.json(["zone", "add", "other.test", "--ns", "ns.example.net"]);
  await line.json(["zone", "sign", "dyn.test"]);
  const path = join(line.data, "secrets.key");
  const key = readFileSync(path);
  const before = await everything(line);
  for (const [other, says] of [
    [undefined, "Restore it from a backup"],
    [Buffer.from("no key"), "Restore it from a backup"],
    [Buffer.from(systemChance.octets(32).toHex()), "is not the one"],
  ] as const) {
    rmSync(path, { force: true });
    if (other !== undefined) writeFileSync(path, other);
    for (const argv of withSecrets) {
      const { code, stderr } = await line.run(argv);
      expect([argv, code, stderr]).toEqual([argv, 1, expect.stringContaining(says)]);
    }
    if (other !== undefined) expect(readFileSync(path).equals(other)).toBe(true);
  }
  expect(await everything(line)).toEqual(before);
  writeFileSync(path, key);
  for (const argv of withSecrets) expect((await line.run(argv)).code).toBe(0);
});

test("a zone is signed by one signer: records of another are refused", async () => {
  using line = await begin();
  const file = join(line.data, "dyn.test.zone");
  const soa = "@ 60 SOA ns.example. h.example. 2 2 3 4 60\n@ 60 NS ns.example.\n";
  writeFileSync(file, `${soa}@ 60 DNSKEY 257 3 13 AAAA\n`);
  await line.json(["zone", "import", "dyn.test", file]);
  const signing = await line.run(["zone", "sign", "dyn.test"]);
  expect([signing.code, signing.stderr]).toEqual([
    1,
    expect.stringContaining("another signer: dyn.test. DNSKEY"),
  ]);
  writeFileSync(file, soa);
  await line.json(["zone", "import", "dyn.test", file]);
  await line.json(["zone", "sign", "dyn.test"]);
  writeFileSync(file, `${soa}a 60 NSEC b A\n`);
  const imported = await line.run(["zone", "import", "dyn.test", file]);
  expect([imported.code, imported.stderr]).toEqual([
    1,
    expect.stringContaining("a.dyn.test. NSEC in line 3"),
  ]);
});

const notSigned = [
  ["zone", "ds", "dyn.test"],
  ["zone", "roll", "dyn.test"],
  ["zone", "export", "dyn.test", "--signed"],
] as const;
for (const argv of notSigned) {
  test(`${argv.join(" ")} says that the zone is not signed`, async () => {
    using line = await begin();
    const { code, stderr } = await line.run(argv);
    expect([code, stderr]).toEqual([1, expect.stringContaining("nameward zone sign dyn.test")]);
  });
}

for (const resolver of ["resolver.example", "192.0.2.1:0", "192.0.2.1:x", "::1:53:"]) {
  test(`--resolver ${resolver} is no address`, async () => {
    using line = await begin();
    await line.json(["zone", "sign", "dyn.test"]);
    await line.json(["zone", "unsign", "dyn.test"]);
    const argv = ["zone", "unsign", "dyn.test", "--resolver", resolver];
    expect((await line.run(argv)).stderr).toContain("is not an address");
  });
}
