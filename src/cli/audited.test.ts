import { expect, test } from "bun:test";
import { CommandLine } from "../../test/command-line.ts";
import { commands } from "./commands.ts";

const password = "four plain words together";

interface Entry {
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly detail: string;
}

test("what a command changes is in the audit log, which holds, and what is refused or only read is not", async () => {
  using line = new CommandLine();
  await line.json(["user", "add", "bob", "--password-stdin", "--admin"], password);
  await line.json(["zone", "add", "dyn.test", "--private"]);
  await line.json(["host", "add", "cam.dyn.test", "--user", "bob"]);
  await line.json(["login", "add", "--user", "bob", "--hosts", "cam.dyn.test"]);
  await line.json(
    ["user", "set", "bob", "--no-second-factor", "--password-stdin"],
    `${password} 2`,
  );
  await line.json(["user", "list"]);
  expect((await line.run(["user", "set", "bob", "--state", "suspended"])).code).toBe(1);
  const entries = await line.json<readonly Entry[]>(["audit", "list"]);
  const told = entries.map(({ action, target, detail }) => `${action} ${target} (${detail})`);
  expect(told.toReversed()).toEqual([
    "user.add bob (admin passwordStdin)",
    "zone.add dyn.test (private)",
    "host.add cam.dyn.test (user=bob)",
    "login.add  (user=bob hosts=cam.dyn.test)",
    "user.set bob (passwordStdin noSecondFactor)",
  ]);
  expect(entries.every(({ actor }) => actor === "command line")).toBe(true);
  expect(JSON.stringify(entries)).not.toContain(password);
  expect((await line.run(["audit", "check"])).code).toBe(0);
});

/** They look, or write nothing but text. */
const looks = /^(version|config |.* (list|show|check|export|ds|keys|learn)$)/;

test("every command that does not only look is one that changes", () => {
  const changing = commands.filter(({ words }) => !looks.test(words));
  expect(changing.length).toBeGreaterThan(15);
  expect(changing.filter(({ changes }) => !changes).map(({ words }) => words)).toEqual([]);
  expect(commands.filter(({ changes, words }) => changes && looks.test(words))).toEqual([]);
});
