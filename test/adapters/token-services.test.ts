/** What recordings cannot tell of services with tokens: a list of keys leads somewhere, and secrets stay nowhere. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFile, readdir } from "node:fs/promises";
import { ask } from "../scenario/dns-exchange.ts";
import { exchangeOctets } from "../scenario/http-exchange.ts";
import { mustRun } from "../server.ts";
import type { TestServer } from "../server.ts";
import { makeWorld, resetAddresses } from "./world.ts";
import type { World } from "./world.ts";

setDefaultTimeout(60_000);

let world: World;

beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** `sha1("cam|secret")` */
const sha = "37de87344be2b5dafa366daee20d84d063a91c27";

async function get(url: string): Promise<string> {
  return (await fetch(url)).text();
}

async function addressOf(server: TestServer, name: string): Promise<string> {
  const message = await ask(server.dns, "udp", name, "A");
  return message.answers.map(({ rdata }) => rdata.join(".")).join();
}

test("each URL in FreeDNS' list updates the host that stands beside it, and no other", async () => {
  await using server = await world.start();
  await resetAddresses(server);
  const here = `http://127.0.0.1:${server.devices.port}`;
  const list = await get(`${here}/api/?action=getdyndns&v=2&sha=${sha}`);
  const rows = list.split("\n").map((line) => line.split("|"));
  const names = ["cam1.example.test", "cam2.example.test", "held.example.test"];
  expect([...new Set(rows.map(([name]) => name))]).toEqual(names);
  for (const [name, , url] of rows) {
    expect(url).toStartWith(`${here}/`);
    if (name === "held.example.test") continue;
    await resetAddresses(server);
    const answer = await get(`${url}&address=192.0.2.77`);
    expect(answer).toMatch(new RegExp(`^Updated ${name} from .* to 192\\.0\\.2\\.77 in `));
    for (const other of names.slice(0, 2)) {
      const expected = other === name ? "192.0.2.77" : "192.0.2.1";
      expect(await addressOf(server, other)).toBe(expected);
    }
  }
});

test("nobody can make a URL of the list for a host that the key may not update", async () => {
  await using server = await world.start();
  const here = `http://127.0.0.1:${server.devices.port}`;
  for (const name of ["foreign.example.test", "nas.example.test"]) {
    const answer = await get(
      `${here}/dynamic/update.php?sha=${sha}&host=${name}&address=192.0.2.77`,
    );
    expect(answer).toStartWith("ERROR: Unable to locate this record");
    expect(await addressOf(server, name)).toBe("");
  }
});

/** Requests with a secret in path or query, as they work, as they fail, and as no rule takes them. */
function requestsWith(secret: string): readonly string[] {
  return [
    `/update/nas/${secret}/192.0.2.7`,
    `/update/foreign.example.test/${secret}/192.0.2.7`,
    `/update/nas/${secret}/192.0.2.7/and/more`,
    `/update?domains=nas&token=${secret}&ip=800.0.0.1`,
    `/update?token=${secret}&domain=nas.example.test`,
    `/u/${secret}/?ip=192.0.2.8`,
    `/dynamic/update.php?${secret}&address=192.0.2.9`,
    `/dynamic/update.php?sha=${secret}&host=nas.example.test`,
    `/api/?action=getdyndns&sha=${secret}`,
    `/api/update?hostname=nas.example.test&token=${secret}`,
  ].map((target) => `GET ${target} HTTP/1.0\r\nUser-Agent: x\r\n\r\n`);
}

/** Everything that the server wrote, log and files, one character an octet. */
async function allThatIsWritten(server: TestServer): Promise<string> {
  const files = (await readdir(server.data, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => readFile(`${entry.parentPath}/${entry.name}`, "latin1"));
  return [server.stderr(), ...(await Promise.all(files))].join("\n");
}

test("a secret in a path or a query is in no log and no file, whether it was right or wrong", async () => {
  await using server = await world.start(["--log-level=debug"]);
  const right = "Zq8vT3kLw5Rm9XyB";
  const wrong = "Hc4nW7pJd2Gs6FtV";
  await mustRun(
    [
      "login",
      "add",
      "--user",
      "alice",
      "--username",
      "shed",
      "--password-stdin",
      "--hosts",
      "nas.example.test",
      "--accepts",
      "token,sha1",
    ],
    { data: server.data, stdin: right },
  );
  // A login that another process made is known within a second.
  const [works] = requestsWith(right);
  while (!(await exchangeOctets(server.devices, works!)).endsWith("OK")) await Bun.sleep(50);
  for (const request of [...requestsWith(right), ...requestsWith(wrong)]) {
    const reply = await exchangeOctets(server.devices, request);
    expect(reply).not.toMatch(new RegExp(`${right}|${wrong}`));
  }
  await server.stop();
  const written = await allThatIsWritten(server);
  const isWritten = [right, wrong].map((secret) => written.includes(secret));
  expect(isWritten).toEqual([false, false]);
  // Negative control: what these requests may leave behind is found by the same search.
  const traces = ["nas.example.test", "192.0.2.9", "duck-path", "bad-credentials"];
  expect(traces.filter((trace) => !written.includes(trace))).toEqual([]);
});
