import { describe, expect, test } from "bun:test";
import { join } from "node:path";

import { CommandLine } from "../../test/command-line.ts";

const document = `
id: reg
match: { methods: GET, paths: /myq/reg.php, keys: [u, h] }
operation: update
mapping:
  hosts: h
  addresses: ip
  credential: [{ kind: parameters, usernames: u, passwords: p }]
dialect: dyndns
requests:
  - GET /myq/reg.php?u=cam&p=masked&h=cam1.dyn.test HTTP/1.0
  - curl "http://dyn.test/myq/reg.php?u=cam&p=masked&h=cam1.dyn.test&ip=192.0.2.7"
`;

async function begin(): Promise<CommandLine> {
  const line = new CommandLine();
  await line.json(["zone", "add", "dyn.test"]);
  return line;
}

test("a rule is kept on trial, shown as it was written, and its state is changed", async () => {
  using line = await begin();
  expect(await line.json<unknown>(["adapter", "add", "-"], document)).toEqual({
    id: "reg",
    state: "shadow",
    requests: 2,
  });
  const listed = { id: "reg", state: "shadow", dialect: "dyndns", paths: ["/myq/reg.php"] };
  expect(await line.json<unknown>(["adapter", "list"])).toEqual([
    { ...listed, changedAt: expect.any(String) },
  ]);
  for (const [word, state] of [
    ["enable", "enabled"],
    ["disable", "disabled"],
    ["shadow", "shadow"],
  ] as const) {
    expect(await line.json<unknown>(["adapter", word, "reg"])).toEqual({ id: "reg", state });
    const [one] = await line.json<{ state: string }[]>(["adapter", "list"]);
    expect(one?.state).toBe(state);
  }
  expect(await line.json<unknown>(["adapter", "remove", "reg"])).toEqual({ id: "reg" });
  expect(await line.json<unknown>(["adapter", "list"])).toEqual([]);
});

test("what is shown can be added again, and so can JSON", async () => {
  using line = await begin();
  await line.json(["adapter", "add", "-", "--enable"], document);
  const { stdout } = await line.run(["adapter", "show", "reg"]);
  const shown = await line.json<object>(["adapter", "show", "reg"]);
  expect(shown).toMatchObject({ id: "reg", state: "enabled", receipts: [] });
  await line.json(["adapter", "remove", "reg"]);
  await line.json(["adapter", "add", "-"], stdout);
  expect(await line.json<object>(["adapter", "show", "reg"])).toEqual({
    ...shown,
    state: "shadow",
  });
  await line.json(["adapter", "remove", "reg"]);
  const { state: _, receipts: __, ...json } = shown as Record<string, unknown>;
  await line.json(["adapter", "add", "-"], JSON.stringify(json, undefined, 2));
  expect(await line.json<unknown>(["adapter", "list"])).toHaveLength(1);
});

test("the built-in rules are listed when they are asked for", async () => {
  using line = await begin();
  await line.json(["adapter", "add", "-"], document);
  const rows = await line.json<{ id: string; state: string }[]>(["adapter", "list", "--built-in"]);
  expect(rows[0]).toMatchObject({ id: "reg", state: "shadow" });
  expect(rows.find(({ id }) => id === "dyndns")).toMatchObject({ state: "built-in" });
});

describe("a rule that is not right is not kept", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "a recorded request that it does not match",
      document.replace("keys: [u, h]", "keys: [u, hh]"),
      "-:11:5: requests.0: the rule does not match it: keys: u, hh",
    ],
    [
      "one of another path",
      document.replace("paths: /myq/reg.php", "paths: /reg"),
      "requests.0: the rule does not match it: its path is /myq/reg.php",
    ],
    [
      "one in which nothing is found",
      document
        .replace("hosts: h", "hosts: x")
        .replace("usernames: u, passwords: p", "usernames: y, passwords: z"),
      "requests.0: the rule finds no host, address or credential in it",
    ],
    ["one that is none", document.replace("GET /myq/reg.php?u", "GET"), "requests.0: "],
    [
      "no recorded request",
      document.replace(/requests:[^]*/, ""),
      "-:2:1: requests: wanted: a list",
    ],
    ["an unknown key", `${document}\nregex: x`, "-:14:1: regex: is no key of a rule"],
    ["a key twice", `${document}\nid: x`, `-:14:1: "id" is set twice`],
    [
      "a built-in's id",
      document.replace("id: reg", "id: dyndns"),
      "-:2:1: id: dyndns is the id of a built-in rule",
    ],
    ["no YAML", "a: [", "-:1:"],
    ["nothing", "", "-: the file is empty"],
    ["a YAML alias", "a: &x 1\nb: *x", "-:1:"],
  ];
  for (const [title, text, says] of cases) {
    test(title, async () => {
      using line = await begin();
      const ended = await line.run(["adapter", "add", "-"], text);
      expect([ended.code, ended.stdout]).toEqual([1, ""]);
      expect(ended.stderr).toContain(says);
      expect(ended.stderr).toContain("error: Nothing is kept: - has mistakes.");
      expect(await line.json<unknown>(["adapter", "list"])).toEqual([]);
    });
  }

  test("an id that is taken", async () => {
    using line = await begin();
    await line.json(["adapter", "add", "-"], document);
    const { code, stderr } = await line.run(["adapter", "add", "-"], document);
    expect(code).toBe(1);
    expect(stderr).toContain("There is an adapter reg already.");
  });

  test("a file that is not there", async () => {
    using line = await begin();
    const { code, stderr } = await line.run(["adapter", "add", "/nowhere/x.yaml"]);
    expect([code, stderr]).toEqual([
      1,
      "error: /nowhere/x.yaml: cannot read the file: there is no such file.\n",
    ]);
  });
});

test("an adapter that is not there is said to be so, with the one that was meant", async () => {
  using line = await begin();
  await line.json(["adapter", "add", "-"], document);
  for (const word of ["show", "enable", "shadow", "disable", "remove"]) {
    const { code, stderr } = await line.run(["adapter", word, "rge"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`There is no adapter "rge".\n  Did you mean reg?`);
  }
});

test("files of rules that are named by the setting are checked with it", async () => {
  using line = await begin();
  const [good, bad] = [join(line.data, "good.yaml"), join(line.data, "bad.yaml")];
  await Bun.write(good, document);
  await Bun.write(bad, document.replace("dialect: dyndns", "dialect: x"));
  const check = (files: string) => line.run(["config", "check", "--adapter-files", files]);
  expect((await check(good)).code).toBe(0);
  const wrong = await check(`${good},${bad}`);
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain(`${bad}:9:1: dialect: wanted: `);
  expect((await check(`${good},${good}`)).stderr).toContain("the id reg is taken by another file");
  expect((await check("/nowhere.yaml")).stderr).toContain("there is no such file");
});

describe("adapter learn", () => {
  test("lists nothing where nothing was kept, and says so of a number", async () => {
    using line = await begin();
    expect(await line.json<unknown>(["adapter", "learn"])).toEqual([]);
    const { code, stderr } = await line.run(["adapter", "learn", "7"]);
    expect([code, stderr.split("\n")[0]]).toEqual([
      1,
      'error: There is no unknown request with the number "7".',
    ]);
    expect(await line.json<unknown>(["adapter", "learn", "forget", "--all"])).toEqual({
      forgotten: 0,
    });
  });

  for (const words of [["forget"], ["forget", "1", "--all"], ["1", "2"], ["--all"]]) {
    test(`does not understand ${words.join(" ")}`, async () => {
      using line = await begin();
      const { code, stderr } = await line.run(["adapter", "learn", ...words]);
      expect(code).toBe(2);
      expect(stderr).toContain("takes a number, or forget and a number or --all");
    });
  }
});
