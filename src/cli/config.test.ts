import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { optionNames } from "../config/options.ts";
import { CommandLine } from "../../test/command-line.ts";

const invalid = join(import.meta.dir, "../../test/fixtures/config/invalid");
const names = readdirSync(invalid);

test("every wrong file ends every command with exit code 2, the same words, and nothing touched", async () => {
  expect(names.length).toBeGreaterThanOrEqual(60);
  using line = new CommandLine();
  for (const name of names) {
    const file = join(invalid, name);
    const checked = await line.run(["config", "check", "--config", file]);
    const added = await line.run(["zone", "add", "dyn.test"], "", { NAMEWARD_CONFIG: file });
    expect([name, checked.code, checked.stdout]).toEqual([name, 2, ""]);
    expect(checked.stderr).toStartWith(`${file}:`);
    expect(added).toEqual(checked);
  }
  expect(readdirSync(line.data)).toEqual([]);
});

test("control: with a right file the same command makes data", async () => {
  using line = new CommandLine();
  const file = join(invalid, "../valid/behind-a-proxy.yaml");
  expect((await line.run(["zone", "add", "dyn.test", "--config", file])).code).toBe(0);
  expect(readdirSync(line.data)).toContain("nameward.db");
});

test("config check says which file is right", async () => {
  using line = new CommandLine();
  const file = join(invalid, "../valid/behind-a-proxy.yaml");
  const checked = await line.run(["config", "check", "--config", file]);
  expect(checked).toEqual({ code: 0, stdout: `${file} is right.\n`, stderr: "" });
  expect(await line.json<unknown>(["config", "check"])).toEqual({ ok: true, file: null });
});

test("mistakes are told to programs with their places", async () => {
  using line = new CommandLine();
  const argv = ["config", "check", "--web", "nowhere", "--json"];
  const { code, stderr } = await line.run(argv, "", { NAMEWARD_DNS: "here" });
  expect(code).toBe(2);
  expect(JSON.parse(stderr)).toMatchObject({
    mistakes: [{ flag: "--web" }, { variable: "NAMEWARD_DNS" }],
  });
});

test("config print shows every setting, and with --origin where it comes from", async () => {
  using line = new CommandLine();
  const { stdout } = await line.run(["config", "print", "--origin", "--web", "127.0.0.1:0"]);
  const rows = stdout.trimEnd().split("\n");
  expect(rows.map((row) => row.split(/ +/)[0]!)).toEqual(optionNames.slice());
  expect(rows.find((row) => row.startsWith("web "))).toMatch(/ 127\.0\.0\.1:0 +--web$/);
  expect(rows.find((row) => row.startsWith("data "))).toEndWith("  NAMEWARD_DATA");
  expect(rows.find((row) => row.startsWith("hostTtlSeconds "))).toMatch(/ 60 +default$/);
  expect(await line.json<unknown>(["config", "print"])).toMatchObject({ hostTtlSeconds: 60 });
});
