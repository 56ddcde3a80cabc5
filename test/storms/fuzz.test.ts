/**
 * Bent requests at the device listener of a whole server: `npm test -- --long test/storms/fuzz.test.ts` for a
 * million of them, `--requests=9000000` for hours, `--fuzz-seed=7` for others.
 */

import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readRssOctets } from "../../bench/process-figures.ts";
import { makeWorld } from "../adapters/world.ts";
import type { World } from "../adapters/world.ts";
import { Dice } from "../dns/mutate.ts";
import { hello, listening } from "../fixtures/devices/listening.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { exchangeOctets } from "../scenario/http-exchange.ts";
import { mustRun } from "../server.ts";
import type { Listener, TestServer } from "../server.ts";
import { bendRequest, secret, secretForms } from "./bent-requests.ts";
import { findFaults, findLogFaults } from "./check-replies.ts";

const seed = Number(process.env["NAMEWARD_TEST_FUZZ_SEED"] ?? 20_261_130);
const fewRequests = 20_000;
const requests =
  process.env["NAMEWARD_TEST_LONG"] === undefined
    ? fewRequests
    : Number(process.env["NAMEWARD_TEST_REQUESTS"] ?? 1_000_000);
const requestsAtOnce = 16;
/** So many bent requests between two good clients. */
const good = { every: 100, login: "steady", password: "keeps-going" };
/** Garbage up to the next collection, what comes together before it is noticed, and the receipts that are kept. */
const rssGrowthOctetsMax = 192 * 2 ** 20;
const findingsMax = 10;

setDefaultTimeout(120_000 + 20 * requests);

interface Finding {
  readonly request: string;
  readonly faults: readonly string[];
}

interface Harvest {
  readonly findings: readonly Finding[];
  /** By status. */
  readonly replies: ReadonlyMap<string, number>;
}

/** `between`: what is done now and then; it throws when good clients are not served. */
async function bombard(
  target: Listener,
  count: number,
  between: () => Promise<void>,
): Promise<Harvest> {
  const dice = new Dice(seed);
  const findings: Finding[] = [];
  const replies = new Map<string, number>();
  let sent = 0;
  const work = async (): Promise<void> => {
    while (sent < count && findings.length < findingsMax) {
      if (++sent % good.every === 0) await between();
      const request = bendRequest(dice);
      if (request === "") continue;
      const reply = await exchangeOctets(target, request, true);
      const faults = findFaults(request, reply, secretForms);
      if (faults.length > 0) findings.push({ request, faults });
      const status = reply.slice(9, 12);
      replies.set(status, (replies.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, work));
  return { findings, replies };
}

let world: World;
let server: TestServer;
beforeAll(async () => {
  world = await makeWorld();
  server = await world.start(["--log-level", "debug"]);
  const flags = ["--user", "bob", "--hosts", "foreign.example.test", "--username", good.login];
  await mustRun(["login", "add", ...flags, "--password-stdin"], {
    data: server.data,
    stdin: good.password,
  });
  await untilKnown();
});

/** A running server hears of the login a moment later. */
async function untilKnown(): Promise<void> {
  const head = "GET /nic/update?hostname=foreign.example.test&myip=192.0.2.251 HTTP/1.0\r\n";
  const login = btoa(`${good.login}:${good.password}`);
  for (let i = 0; i < 500; i++) {
    const octets = `${head}Authorization: Basic ${login}\r\n\r\n`;
    if ((await exchangeOctets(server.devices, octets, true)).endsWith("good 192.0.2.251")) return;
    await Bun.sleep(10);
  }
  throw new Error("The server never heard of the login");
}
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

test(`a server survives ${requests} bent requests, seed ${seed}`, async () => {
  let served = 0;
  let turn = Promise.resolve();
  const serve = async (): Promise<void> => {
    const address = `192.0.2.${1 + (served++ % 250)}`;
    const query = `hostname=foreign.example.test&myip=${address}`;
    const login = btoa(`${good.login}:${good.password}`);
    const octets = `GET /nic/update?${query} HTTP/1.0\r\nAuthorization: Basic ${login}\r\n\r\n`;
    expect(await exchangeOctets(server.devices, octets, true)).toEndWith(`good ${address}`);
    const { answers } = await ask(server.dns, "udp", "foreign.example.test", "A");
    expect(answers.map(({ rdata }) => rdata.join("."))).toEqual([address]);
  };
  await bombard(server.devices, 5_000, () => (turn = turn.then(serve))); // it compiles, and makes room that it keeps
  const rssBefore = readRssOctets(server.pid);
  const { findings, replies } = await bombard(
    server.devices,
    requests,
    () => (turn = turn.then(serve)),
  );
  const growth = readRssOctets(server.pid) - rssBefore;
  process.stderr.write(
    `Replies ${JSON.stringify(Object.fromEntries(replies))}, ${served} good clients, memory grew by ${(growth / 2 ** 20).toFixed(1)} MiB\n`,
  );
  expect(findings).toEqual([]);
  // The requests got through to the rules, and to what lies behind them.
  for (const status of ["200", "400", "401", "404"]) {
    expect(replies.get(status)).toBeGreaterThan(requests / 200);
  }
  expect(served).toBeGreaterThanOrEqual(requests / good.every);
  expect(growth).toBeLessThan(rssGrowthOctetsMax);
  const { hostname, port } = server.web;
  const metrics = await (await fetch(`http://${hostname}:${port}/metrics`)).text();
  expect(secretForms.filter((form) => metrics.includes(form))).toEqual([]);
  const unmatched = await mustRun(["adapter", "learn", "--json"], { data: server.data });
  expect(JSON.parse(unmatched)).not.toEqual([]);
  expect(await server.stop()).toBe(0);
  const log = server.stderr();
  process.stderr.write(`${log.length} characters of log\n`);
  expect(log).toContain('"msg":"A request of a device was refused"');
  expect(findLogFaults(log, secretForms)).toEqual([]);
  // Whatever was kept of them: receipts, unmatched requests, and pages that were given up.
  const kept = readKept(server.data);
  expect(secretForms.filter((form) => kept.includes(form))).toEqual([]);
  for (const seen of ["cam1.example.test", "ddclient/3.10.0", "bad-credentials"]) {
    expect(kept.includes(seen)).toBe(true);
  }
});

function readKept(folder: string): Buffer {
  const files = readdirSync(folder).filter((name) => name.startsWith("nameward.db"));
  return Buffer.concat(files.map((name) => readFileSync(`${folder}/${name}`)));
}

const nobody = async (): Promise<void> => {};

// Negative controls: a listener of our own parts whose answer says too much, and a log that does.
test("a listener that tells what it was asked is found out", async () => {
  await using service = await listening({
    answer: ({ target }) => ({ ...hello, body: target.replace(/[^\x20-\x7e]/g, "") }),
  });
  const target = { hostname: "127.0.0.1", port: service.port };
  const { findings } = await bombard(target, 2_000, nobody);
  const faults = findings.flatMap((finding) => finding.faults);
  expect(faults.some((fault) => fault.startsWith("says "))).toBe(true);
  expect(
    findFaults("GET / HTTP/1.0\r\n\r\n", `HTTP/1.1 200 OK\r\n\r\n${secret}`, secretForms),
  ).toContain("tells a secret");
});

test("the same listener with a word of a dialect is not found fault with", async () => {
  await using service = await listening();
  const target = { hostname: "127.0.0.1", port: service.port };
  expect((await bombard(target, 1_000, nobody)).findings).toEqual([]);
});

test("a log that writes what came as it came is found out", async () => {
  let log = "begin\n";
  await using service = await listening({
    answer: ({ target, headers }) => {
      const path = decodeURIComponent(target.replace(/%(?![0-9a-f]{2})|%[89a-f]./gi, ""));
      log += `{"path":"${path}","credential":"${headers.get("authorization")}"}\n`;
      return hello;
    },
  });
  await bombard({ hostname: "127.0.0.1", port: service.port }, 3_000, nobody);
  const faults = findLogFaults(log, secretForms);
  expect(faults).toContain("a raw control character");
  expect(faults).toContain("a secret");
  expect(faults.some((fault) => fault.startsWith("no line of JSON"))).toBe(true);
});
