/** Rules of the operator beside a real server: from unknown requests to a working adapter, and what they cannot do. */

import { describe, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { join } from "node:path";

import { serverCommands } from "../../src/server-commands.ts";
import { CommandLine } from "../command-line.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { mustRun, nameward, startServer } from "../server.ts";
import type { TestServer } from "../server.ts";

const password = "V8kq3nTz5wYb";
/** A device of a maker that nobody has heard of. */
const path = `/acme/iot/report.cgi?unit=cam1.dyn.test&op=cam&proof=${password}&w=192.0.2.7&fw=3.1`;

/** Hosts of alice and bob, and a login of alice's. */
async function startWithHosts(): Promise<TestServer> {
  const server = await startServer();
  const { data } = server;
  await mustRun(["zone", "add", "dyn.test", "--private"], { data });
  for (const user of ["alice", "bob"]) {
    await mustRun(["user", "add", user, "--password-stdin"], {
      data,
      stdin: "lantern gravel oboe tuesday",
    });
  }
  await mustRun(["host", "add", "cam1.dyn.test", "--user", "alice"], { data });
  await mustRun(["host", "add", "foreign.dyn.test", "--user", "bob"], { data });
  const login = ["login", "add", "--user", "alice", "--all-hosts", "--username", "cam"];
  await mustRun([...login, "--password-stdin"], { data, stdin: password });
  const headers = { Authorization: `Basic ${btoa(`cam:${password}`)}` };
  const { hostname, port } = server.devices;
  await until(async () => {
    const reply = await fetch(`http://${hostname}:${port}/client/usercheck.aspx`, { headers });
    return (await reply.text()) === "okuser";
  });
  return server;
}

async function knock(server: TestServer, target: string): Promise<string> {
  const { hostname, port } = server.devices;
  const reply = await fetch(`http://${hostname}:${port}${target}`, {
    headers: { "User-Agent": "AcmeIot/3.1 unit-0042" },
  });
  return `${reply.status} ${await reply.text()}`;
}

/** Asks again until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error("It was not so in time");
    await Bun.sleep(50);
  }
}

async function addressOf(server: TestServer, name: string): Promise<string> {
  const host = JSON.parse(
    await mustRun(["host", "show", name, "--json"], { data: server.data }),
  ) as { addresses: string[] };
  return host.addresses.join(" ");
}

interface Shape {
  readonly number: number;
  readonly requests: number;
  readonly shape: string;
}

async function listShapes(server: TestServer): Promise<readonly Shape[]> {
  const { data } = server;
  return JSON.parse(await mustRun(["adapter", "learn", "--json"], { data })) as readonly Shape[];
}

test("from unknown requests to a working adapter", async () => {
  await using server = await startWithHosts();
  const { data } = server;
  expect(await knock(server, path)).toBe("404 not found");
  await until(async () => (await listShapes(server)).length > 0);

  const [shape] = await listShapes(server);
  expect(shape?.shape).toBe("GET /acme/iot/report.cgi?fw&op&proof&unit&w AcmeIot");
  const proposed = await mustRun(["adapter", "learn", String(shape!.number)], { data });
  expect(proposed).not.toContain(password);

  const id = "learned-acme-iot-report-cgi";
  expect(await mustRun(["adapter", "add", "-"], { data, stdin: proposed })).toContain("on trial");
  // On trial it is noted what it would do, and the device is told what it was told before.
  const shown = (): Promise<string> => mustRun(["adapter", "show", id], { data });
  await until(async () => {
    expect(await knock(server, path)).toBe("404 not found");
    return (await shown()).includes("would set cam1.dyn.test to 192.0.2.7, as cam");
  });
  expect(await shown()).not.toContain(password);
  expect(await addressOf(server, "cam1.dyn.test")).toBe("");

  await mustRun(["adapter", "enable", id], { data });
  await until(async () => (await knock(server, path)).startsWith("200"));
  expect(await knock(server, path)).toBe("200 nochg 192.0.2.7");
  expect(await addressOf(server, "cam1.dyn.test")).toBe("192.0.2.7");
  const { answers } = await ask(server.dns, "udp", "cam1.dyn.test.", "A");
  expect(answers.map(({ rdata }) => [...rdata])).toEqual([[192, 0, 2, 7]]);

  await mustRun(["adapter", "disable", id], { data });
  await until(async () => (await knock(server, path)) === "404 not found");
  // The last refusal may still be on its way to the store.
  await until(async () => {
    await mustRun(["adapter", "learn", "forget", "--all"], { data });
    return (await listShapes(server)).length === 0;
  });
}, 120_000);

/** The rule of that device, as a file. */
const acme = `
id: acme
match: { methods: GET, paths: /acme/iot/report.cgi, keys: [unit, op] }
operation: update
mapping:
  hosts: unit
  addresses: w
  credential: [{ kind: parameters, usernames: op, passwords: proof }]
dialect: dyndns
requests: /acme/iot/report.cgi?unit=cam1.dyn.test&op=cam
`;

describe("a rule of the operator cannot do what the login may not", () => {
  test("another user's host, another password and no credential change nothing", async () => {
    await using server = await startWithHosts();
    const { data } = server;
    await mustRun(["adapter", "add", "-", "--enable"], { data, stdin: acme });
    await until(async () => (await knock(server, path)).startsWith("200 good"));
    const refused = [
      [path.replace("cam1.dyn.test", "foreign.dyn.test"), "200 nohost"],
      [
        path.replace("cam1.dyn.test", "foreign.dyn.test,cam1.dyn.test"),
        "200 nohost\nnochg 192.0.2.7",
      ],
      [path.replace(password, "wrong"), "401 badauth"],
      [path.replace("op=cam", "op=bob"), "401 badauth"],
      [path.replace("op=cam", "op="), "401 badauth"],
    ] as const;
    for (const [target, says] of refused) {
      expect(await knock(server, target)).toBe(says);
    }
    expect(await addressOf(server, "foreign.dyn.test")).toBe("");
    // A login that may move that host moves it by the same rule.
    const login = ["login", "add", "--user", "bob", "--all-hosts", "--username", "robert"];
    await mustRun([...login, "--password-stdin"], { data, stdin: password });
    const foreign = path
      .replace("cam1.dyn.test", "foreign.dyn.test")
      .replace("op=cam", "op=robert");
    await until(async () => (await knock(server, foreign)).startsWith("200 good"));
    expect(await addressOf(server, "foreign.dyn.test")).toBe("192.0.2.7");
  }, 120_000);
});

describe("rules of files", () => {
  test("are in force from the start, beside those of the store", async () => {
    const folder = await mustMakeFile("acme.yaml", acme);
    const file = join(folder.data, "acme.yaml");
    await using server = await startServer({ args: ["--adapter-files", file] });
    expect(await knock(server, path)).toBe("401 badauth");
    expect(await knock(server, "/acme/iot/other.cgi?unit=x&op=y")).toBe("404 not found");
    folder[Symbol.dispose]();
  }, 60_000);

  test("refuse the start with file and line when they have mistakes", async () => {
    using folder = await mustMakeFile("acme.yaml", acme.replace("methods: GET", "methods: BREW"));
    const file = join(folder.data, "acme.yaml");
    const { code, stderr } = await nameward(["serve", "--adapter-files", file], folder);
    expect(code).toBe(1);
    expect(stderr).toContain(`${file}:3:19: match.methods.0: wanted: GET, HEAD`);
  }, 60_000);
});

async function mustMakeFile(name: string, text: string): Promise<CommandLine> {
  const line = new CommandLine();
  await Bun.write(join(line.data, name), text);
  return line;
}

describe("a flood of unknown requests", () => {
  /** Rows of all tables that a request could make grow. */
  function countRows(data: string): number {
    using database = new Database(join(data, "nameward.db"), { readonly: true });
    const tables = ["unmatched", "receipt", "change", "host", "login", "adapter"];
    return tables.reduce((sum, table) => {
      const row = database.query<{ n: number }, []>(`select count(*) as n from ${table}`).get();
      return sum + row!.n;
    }, 0);
  }

  const requests = 2_000;

  /** As many requests as that, some at a time, and between them a device that repeats its update. */
  async function flood(server: TestServer, targetOf: (at: number) => string): Promise<number> {
    const before = countRows(server.data);
    for (let at = 0; at < requests; at += 50) {
      const batch = Array.from({ length: 50 }, (_, i) => knock(server, targetOf(at + i)));
      await Promise.all(batch);
      const query = `hostname=cam1.dyn.test&myip=192.0.2.7`;
      const { hostname, port } = server.devices;
      const reply = await fetch(`http://${hostname}:${port}/nic/update?${query}`, {
        headers: { Authorization: `Basic ${btoa(`cam:${password}`)}` },
      });
      expect(await reply.text()).toMatch(/^(?:good|nochg) 192\.0\.2\.7$/);
    }
    await Bun.sleep(1_500); // what waits is written within a second
    return countRows(server.data) - before;
  }

  /** Every tenth of the requests would be a lot. */
  const grownMax = requests / 10;

  test("makes nothing grow, and devices are served beside it", async () => {
    await using server = await startWithHosts();
    const shapeOf = (at: number): string => `/${word(at)}/${word(at + 7)}?${word(at)}=x&host=y`;
    expect(await flood(server, shapeOf)).toBeLessThan(grownMax);
    expect((await listShapes(server)).length).toBeGreaterThan(0);
  }, 120_000);

  test("nor does one that a rule on trial matches", async () => {
    await using server = await startWithHosts();
    await mustRun(["adapter", "add", "-"], { data: server.data, stdin: acme });
    await until(async () => {
      await knock(server, path);
      return (await mustRun(["adapter", "show", "acme"], { data: server.data })).includes("would");
    });
    // A hundred receipts at once, ten a second, and what is left to learn from.
    expect(await flood(server, () => path)).toBeLessThan(requests / 2);
  }, 120_000);

  test("would be seen: wrong logins leave receipts, and the count tells of them", async () => {
    await using server = await startWithHosts();
    const { data } = server;
    await mustRun(["adapter", "add", "-", "--enable"], { data, stdin: acme });
    await until(async () => (await knock(server, path)).startsWith("200"));
    const wrong = path.replace(password, "wrong");
    expect(await flood(server, () => wrong)).toBeGreaterThan(requests / 2);
  }, 120_000);

  /** A word of letters, another one for each number. */
  function word(at: number): string {
    const letters = [...String(at)].map((digit) => "abcdefghij"[Number(digit)]);
    return `w${letters.join("")}`;
  }
});

describe("adapter test", () => {
  const credential = `cam:${password}`;

  async function begin(): Promise<CommandLine> {
    const line = new CommandLine(serverCommands);
    await line.json(["zone", "add", "dyn.test"]);
    for (const user of ["alice", "bob"]) {
      await line.json(["user", "add", user, "--password-stdin"], "lantern gravel oboe tuesday");
    }
    await line.json(["host", "add", "cam1.dyn.test", "--user", "alice"]);
    await line.json(["host", "add", "foreign.dyn.test", "--user", "bob"]);
    const login = ["login", "add", "--user", "alice", "--all-hosts", "--username", "cam"];
    await line.json([...login, "--password-stdin"], password);
    return line;
  }

  interface Tried {
    readonly rule: string | null;
    readonly near: readonly { readonly id: string; readonly why: string }[];
    readonly onTrial: readonly { readonly rule: string; readonly would: string }[];
    readonly means: string | null;
    readonly login: string | null;
    readonly decisions: readonly object[];
    readonly reply: { readonly status: number; readonly octets: string };
  }

  const curl = `curl -u ${credential} "http://x.test/nic/update?hostname=cam1.dyn.test&myip=203.0.113.7"`;

  test("says rule, meaning, decision and the octets of the reply, and changes nothing", async () => {
    using line = await begin();
    const tried = await line.json<Tried>(["adapter", "test", "-"], curl);
    expect(tried).toMatchObject({
      rule: "dyndns",
      means: "set cam1.dyn.test to 203.0.113.7, as cam",
      login: "right",
      decisions: [
        { host: "cam1.dyn.test", outcome: "changed", before: [], addresses: ["203.0.113.7"] },
      ],
    });
    expect(tried.reply.octets).toStartWith("HTTP/1.1 200 OK\r\n");
    expect(tried.reply.octets).toEndWith("\r\n\r\ngood 203.0.113.7");
    // It says the same again: nothing was changed, and nobody asked.
    expect(await line.json<Tried>(["adapter", "test", "-"], curl)).toEqual(tried);
    const host = await line.json<object>(["host", "show", "cam1.dyn.test"]);
    expect(host).toMatchObject({ addresses: [], receipts: [] });
  });

  test("shows no secret", async () => {
    using line = await begin();
    for (const how of [[], ["--json"]]) {
      const { code, stdout } = await line.run(["adapter", "test", "-", ...how], curl);
      expect(code).toBe(0);
      expect(stdout).toContain("good 203.0.113.7");
      expect(stdout).not.toContain(password);
    }
  });

  test("says why a host may not be updated, and which login is wrong", async () => {
    using line = await begin();
    const foreign = curl.replace("cam1", "foreign");
    const [decision] = (await line.json<Tried>(["adapter", "test", "-"], foreign)).decisions;
    expect(decision).toMatchObject({
      outcome: "unknown-host",
      note: "This login may not update this host.",
    });
    const wrong = await line.json<Tried>(["adapter", "test", "-"], curl.replace(password, "x"));
    expect(wrong).toMatchObject({ login: "wrong", reply: { status: 401 } });
  });

  test("tries a rule that is not kept, and says which rules came close", async () => {
    using line = await begin();
    const file = join(line.data, "acme.yaml");
    await Bun.write(file, acme);
    const target = path.replace("192.0.2.7", "203.0.113.7");
    expect(await line.json<Tried>(["adapter", "test", "-"], target)).toMatchObject({
      rule: null,
      reply: { status: 404 },
    });
    const tried = await line.json<Tried>(["adapter", "test", "-", "--rule", file], target);
    expect(tried).toMatchObject({ rule: "acme", near: [], login: "right" });
    const miss = target.replace("unit=", "part=");
    expect(await line.json<Tried>(["adapter", "test", "-", "--rule", file], miss)).toMatchObject({
      rule: null,
      near: [{ id: "acme", why: "wants keys: unit, op" }],
    });
    // Kept on trial it is told of, and does not answer.
    await line.json(["adapter", "add", file]);
    expect(await line.json<Tried>(["adapter", "test", "-"], target)).toMatchObject({
      rule: null,
      onTrial: [{ rule: "acme", would: "set cam1.dyn.test to 203.0.113.7, as cam" }],
    });
    await line.json(["adapter", "enable", "acme"]);
    expect(await line.json<Tried>(["adapter", "test", "-"], target)).toMatchObject({
      rule: "acme",
    });
  });

  test("takes the address of the caller from --from", async () => {
    using line = await begin();
    const detect = "GET /ipcheck.aspx HTTP/1.0";
    const from = ["--from", "2001:db8::5"];
    const tried = await line.json<Tried>(["adapter", "test", "-", ...from], detect);
    expect(tried.reply.octets).toEndWith("\r\n\r\n2001:db8::5");
    const { code } = await line.run(["adapter", "test", "-", "--from", "x"], detect);
    expect(code).toBe(1);
  });

  test("refuses what is no request, a rule that is none, and a folder without data", async () => {
    using line = await begin();
    const file = join(line.data, "bad.yaml");
    await Bun.write(file, acme.replace("dyndns", "x"));
    const cases = [
      [["-"], "hello", "The request is not understood"],
      [["-", "--rule", file], "/x", `${file}:9:1: dialect: wanted`],
    ] as const;
    for (const [words, stdin, says] of cases) {
      const { code, stderr } = await line.run(["adapter", "test", ...words], stdin);
      expect(code).toBe(1);
      expect(stderr).toContain(says);
    }
    using empty = new CommandLine(serverCommands);
    expect((await empty.run(["adapter", "test", "-"], "/x")).stderr).toContain("There is no data");
  });
});
