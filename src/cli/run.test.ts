import { expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { CommandLine } from "../../test/command-line.ts";
import { command } from "./command.ts";
import { commands } from "./commands.ts";
import { flagNames } from "./parse-command-line.ts";

const wrongUses = [
  [["zone", "ad", "x.test"], "Did you mean nameward zone add?"],
  [["hots", "list"], "Did you mean nameward host list?"],
  [
    ["zone"],
    "Say one of: add, list, import, export, remove, open, close, sign, ds, keys, roll, unsign.",
  ],
  [["frobnicate"], "nameward --help lists the commands."],
  [["zone", "add"], "nameward zone add needs APEX."],
  [["zone", "add", "a.test", "b.test"], `does not know what to do with "b.test"`],
  [["zone", "add", "a.test", "--privat"], "Did you mean --private?"],
  [["zone", "add", "a.test", "--private=yes"], "--private takes no value."],
  [["zone", "add", "a.test", "--ns"], "--ns needs a value: --ns NAME"],
  [["zone", "add", "a.test", "--ns", "--json"], "--ns needs a value"],
  [["zone", "list", "--private"], "nameward zone list has no flag --private."],
  [["zone", "list", "--web", "127.0.0.1:0"], "nameward zone list has no flag --web."],
  [["zone", "list", "-x"], "nameward zone list has no flag -x."],
  [["zone", "list", "--json", "--json"], "--json is given twice."],
  [["user", "add", "alice"], "A password is not taken from the command line"],
  [["host", "add", "cam1.dyn.test"], "nameward host add needs --user."],
  [["login", "add", "--user", "alice"], "needs either --hosts or --all-hosts."],
  [["login", "add", "--user", "a", "--hosts", "x.test", "--all-hosts"], "needs either"],
  [["host", "list", "--limit", "0"], "Wanted: a whole number from 1 to 10000."],
  [["host", "list", "--limit", "1e3"], "Wanted: a whole number from 1 to 10000."],
] as const;

for (const [argv, says] of wrongUses) {
  test(`nameward ${argv.join(" ")} is wrong usage, which is exit code 2, and touches nothing`, async () => {
    using line = new CommandLine();
    const { code, stdout, stderr } = await line.run(argv);
    expect(stderr).toContain(says);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(readdirSync(line.data)).toEqual([]);
  });
}

test("every command has help with its flags, the exit codes and an example that begins with nameward", async () => {
  using line = new CommandLine();
  expect(commands.length).toBeGreaterThan(15);
  for (const row of commands) {
    const { code, stdout } = await line.run([...row.words.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: nameward ${row.words}`);
    expect(stdout).toContain("--json");
    expect(stdout).toContain("wrong usage or configuration");
    expect(row.example).toContain(`nameward ${row.words}`);
    for (const name of Object.keys(row.flags)) expect(flagNames(row)).toContain(name);
  }
  expect(readdirSync(line.data)).toEqual([]);
});

test("a flag means the same in every command: with a value everywhere or nowhere", () => {
  const valued = new Map<string, boolean>();
  for (const row of commands) {
    for (const [name, flag] of Object.entries(row.flags)) {
      expect([name, valued.get(name) ?? "value" in flag]).toEqual([name, "value" in flag]);
      valued.set(name, "value" in flag);
    }
  }
  expect(valued.size).toBeGreaterThan(5);
});

test("help is given for the program, for a group, and by the word help", async () => {
  using line = new CommandLine();
  for (const argv of [[], ["--help"], ["-h"], ["help"]]) {
    const { code, stdout } = await line.run(argv);
    expect([code, stdout.includes("host add NAME")]).toEqual([0, true]);
  }
  const group = await line.run(["zone", "--help"]);
  expect(group.stdout).toContain("zone add APEX");
  expect(group.stdout).not.toContain("host add");
  expect((await line.run(["help", "zone", "add"])).stdout).toContain("--private");
});

test("the version is printed for people and for programs", async () => {
  using line = new CommandLine();
  expect((await line.run(["--version"])).stdout).toMatch(/^nameward \d+\.\d+\.\d+ \(Bun /);
  expect((await line.json<{ bun: string }>(["version"])).bun).toBe(Bun.version);
});

test("a command that only looks makes no data folder", async () => {
  using line = new CommandLine();
  const data = join(line.data, "slip");
  for (const argv of [
    ["zone", "list"],
    ["host", "show", "a.b.test"],
    ["login", "list"],
  ]) {
    const { code, stderr } = await line.run([...argv, "--data", data]);
    expect(code).toBe(1);
    expect(stderr).toContain(`There is no data in ${data}`);
    expect(existsSync(data)).toBe(false);
  }
});

test("a store that cannot be opened is told in words, with exit code 1", async () => {
  using line = new CommandLine();
  await Bun.write(
    join(line.data, "nameward.db"),
    "this is no database, but long enough to be read",
  );
  const { code, stderr } = await line.run(["zone", "list"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: Cannot open /);
});

test("the composition root adds commands, whose flags and help belong to the table", async () => {
  const serve = command({
    words: "serve",
    summary: "Run the service.",
    settings: ["web"],
    flags: { once: { doc: "End at once." } },
    example: "nameward serve",
    run: ({ flags, reading, io }) => {
      io.stdout.write(`web=${reading.config.web.text} once=${flags.once}\n`);
      return { kind: "ran" };
    },
  });
  using line = new CommandLine([serve]);
  const { code, stdout } = await line.run(["serve", "--web", "127.0.0.1:0", "--once"]);
  expect([code, stdout]).toEqual([0, "web=127.0.0.1:0 once=true\n"]);
  expect((await line.run(["serv"])).stderr).toContain("Did you mean nameward serve?");
  expect((await line.run(["serve", "--help"])).stdout).toContain("--web ADDRESS:PORT");
});

test("our own mistakes are not told as if they were the operator's", async () => {
  const broken = command({
    words: "broken",
    summary: "Fails.",
    example: "nameward broken",
    run: () => {
      throw new TypeError("undefined is not a function");
    },
  });
  using line = new CommandLine([broken]);
  let thrown: unknown;
  await line.run(["broken"]).catch((error: unknown) => (thrown = error));
  expect(thrown).toBeInstanceOf(TypeError);
});
