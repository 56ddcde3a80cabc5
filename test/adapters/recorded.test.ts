/** Every recorded request over a real socket to a real server: the decision, every octet of the reply, and what DNS says. */

import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rules } from "../../src/adapters/rules.ts";
import { printRdata } from "../../src/dns/record-types.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { exchangeOctets } from "../scenario/http-exchange.ts";
import type { TestServer } from "../server.ts";
import { parseRecorded, readRecordedFiles } from "./read-recorded.ts";
import type { DnsExpectation, Recorded } from "./read-recorded.ts";
import { ruleOf } from "./rule-of.ts";
import { makeWorld, resetAddresses } from "./world.ts";
import type { World } from "./world.ts";

setDefaultTimeout(120_000);

const casesMin = 4;
const files = readRecordedFiles();
let world: World;

beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

test("the recordings are there, and every rule has one", () => {
  const cases = [...files.values()].flat();
  expect(cases.length).toBeGreaterThanOrEqual(casesMin);
  const seen = new Set(cases.map(({ rule }) => rule));
  expect(rules.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
});

test("each recording is taken by the rule that it names, and by no other", () => {
  const wrong = [...files.values()]
    .flat()
    .filter(({ request, rule }) => ruleOf(request) !== rule)
    .map(({ file, title, request }) => `${file}: ${title}: ${ruleOf(request) ?? "none"}`);
  expect(wrong).toEqual([]);
  expect(ruleOf("GET /nic/update?hostname=cam1.example.test HTTP/1.0\r\n\r\n")).toBe("dyndns");
});

for (const [file, cases] of files) {
  describe(file, () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await world.start();
    });
    afterAll(() => server[Symbol.asyncDispose]());
    for (const recorded of cases.filter((one) => !one.isStoreHeld && !one.isAnswerHeld)) {
      test(recorded.title, async () => {
        expect(await play(server, recorded)).toEqual([]);
      });
    }
    const held = cases.filter(({ isStoreHeld }) => isStoreHeld);
    // All at once, since it takes the store two seconds to give up.
    if (held.length > 0) {
      test("while nothing can be stored", async () => {
        expect(await playHeld(server, held)).toEqual([]);
      });
    }
    const slowed = cases.filter(({ isAnswerHeld }) => isAnswerHeld);
    if (slowed.length > 0) {
      test("answers that are held", async () => {
        await using ending = await world.start();
        expect(await playSlowed(ending, slowed)).toEqual([]);
      });
    }
  });
}

// Negative control: each line of this case is wrong, and each is told.
test("what is otherwise than recorded is told", async () => {
  const [wrong] = parseRecorded(
    "wrong.txt",
    `== everything is otherwise
rule dyndns
> GET /nic/update?hostname=cam1.example.test&myip=192.0.2.7 HTTP/1.0\\r\\nAuthorization: Basic Y2FtOnNlY3JldA==\\r\\n\\r\\n
outcome unchanged
reply 200 text/plain
< good 192.0.2.8
dns cam1.example.test A 192.0.2.9
`,
  );
  await using server = await world.start();
  expect(await play(server, wrong!)).toHaveLength(3);
});

/** One sentence for each thing that is otherwise. */
async function play(server: TestServer, recorded: Recorded): Promise<readonly string[]> {
  await resetAddresses(server);
  const before = await readOutcomes(server);
  const octets = await exchangeOctets(server.devices, recorded.request, true);
  const faults = [
    ...compareReply(octets, recorded),
    ...compareOutcomes(before, await readOutcomes(server), recorded.outcomes),
  ];
  for (const expectation of recorded.dns) faults.push(...(await compareDns(server, expectation)));
  return faults;
}

/** Another program holds the database's lock meanwhile. */
async function playHeld(
  server: TestServer,
  cases: readonly Recorded[],
): Promise<readonly string[]> {
  await resetAddresses(server);
  using database = new Database(`${server.data}/nameward.db`);
  database.run("pragma busy_timeout = 10000");
  const before = await readOutcomes(server);
  database.run("begin immediate");
  let replies: readonly string[];
  try {
    replies = await Promise.all(
      cases.map(({ request }) => exchangeOctets(server.devices, request, true)),
    );
  } finally {
    database.run("rollback");
  }
  const outcomes = cases.flatMap((recorded) => recorded.outcomes).toSorted();
  return [
    ...replies.flatMap((octets, index) => compareReply(octets, cases[index]!)),
    ...compareOutcomes(before, await readOutcomes(server), outcomes),
  ];
}

/** All at once, and nobody waits: what a server holds back it says when it ends. */
async function playSlowed(
  server: TestServer,
  cases: readonly Recorded[],
): Promise<readonly string[]> {
  await resetAddresses(server);
  const before = await readOutcomes(server);
  let answered = 0;
  const replies = cases.map(async ({ request }) => {
    const octets = await exchangeOctets(server.devices, request);
    answered++;
    return octets;
  });
  const expected = cases.flatMap(({ outcomes }) => outcomes).toSorted();
  let after = await readOutcomes(server);
  for (let i = 0; i < 500 && countedBetween(before, after).length < expected.length; i++) {
    await Bun.sleep(10);
    after = await readOutcomes(server);
  }
  const faults = [...compareOutcomes(before, after, expected)];
  for (const expectation of cases.flatMap(({ dns }) => dns)) {
    faults.push(...(await compareDns(server, expectation)));
  }
  if (answered > 0) faults.push(`${answered} of ${cases.length} answers were not held`);
  await server.stop();
  const octets = await Promise.all(replies);
  return [...faults, ...octets.flatMap((reply, index) => compareReply(reply, cases[index]!))];
}

function compareReply(octets: string, recorded: Recorded): readonly string[] {
  const expected = printExpected(recorded);
  if (octets === expected) return [];
  return [`${recorded.title}: ${JSON.stringify(octets)} instead of ${JSON.stringify(expected)}`];
}

function compareOutcomes(
  before: Outcomes,
  after: Outcomes,
  expected: readonly string[],
): readonly string[] {
  const outcomes = countedBetween(before, after).join();
  if (outcomes === expected.join()) return [];
  return [`outcome ${outcomes} instead of ${expected.join()}`];
}

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  220: "Unchanged",
  230: "Registered",
  297: "Invalid Host",
  298: "Invalid Domain",
  299: "Invalid Address",
  302: "Found",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  503: "Service Unavailable",
};

/** The golden reply: this head, and nothing else, around what the case says. */
function printExpected({ status, contentType, headers, body, request }: Recorded): string {
  const head = [
    `HTTP/1.1 ${status} ${reasons[status]}`,
    ...(status === 401 ? ['WWW-Authenticate: Basic realm="Nameward"'] : []),
    ...headers,
    `Content-Type: ${contentType}`,
    `Content-Length: ${body.length}`,
    "Cache-Control: no-cache",
    ...(contentType === "text/plain" ? [] : ["X-Content-Type-Options: nosniff"]),
    ...(status === 503 ? ["Retry-After: 300"] : []),
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${request.startsWith("HEAD ") ? "" : body}`;
}

type Outcomes = ReadonlyMap<string, number>;

async function readOutcomes(server: TestServer): Promise<Outcomes> {
  const { hostname, port } = server.web;
  const text = await (await fetch(`http://${hostname}:${port}/metrics`)).text();
  const found = text.matchAll(/^nameward_updates_total\{outcome="([^"]+)"\} (\d+)$/gm);
  return new Map([...found].map(([, outcome, count]) => [outcome!, Number(count)]));
}

/** Once for each time it was counted; `hosts` only says that there were some. */
function countedBetween(before: Outcomes, after: Outcomes): readonly string[] {
  return [...after]
    .filter(([outcome]) => outcome !== "hosts")
    .flatMap(([outcome, count]) => Array<string>(count - (before.get(outcome) ?? 0)).fill(outcome))
    .toSorted();
}

async function compareDns(
  server: TestServer,
  { name, type, data }: DnsExpectation,
): Promise<readonly string[]> {
  const message = await ask(server.dns, "udp", name, type);
  const found = message.answers.map(({ type: code, rdata }) => printRdata(code, rdata)).toSorted();
  if (found.join(" ") === data.join(" ")) return [];
  return [`DNS says ${found.join(" ") || "nothing"} of ${name} ${type}`];
}
