/** Plays a scenario against a server of its own and says what came out otherwise than expected. */

import { Database } from "bun:sqlite";
import { rm } from "node:fs/promises";
import { rcodes } from "../../src/dns/message.ts";
import type { Message, MessageRecord } from "../../src/dns/message.ts";
import { printName } from "../../src/dns/name.ts";
import { printRdata, typeName } from "../../src/dns/record-types.ts";
import { makeDataFolder, mustRun, nameward, startServer } from "../server.ts";
import type { TestServer } from "../server.ts";
import { ask } from "./dns-exchange.ts";
import type { Transport } from "./dns-exchange.ts";
import { exchangeOctets, findReplyFaults, parseReply } from "./http-exchange.ts";
import type {
  DnsExpected,
  ExpectedRecord,
  Given,
  HttpExpected,
  HttpRequestLine,
  Scenario,
  ScenarioCredential,
  Step,
} from "./parse-scenario.ts";

/** How long a step marked `soon` is tried, and how often. */
const soonMs = 10_000;
const soonEveryMs = 100;

/** Every login has a password made from its name; no scenario needs to see one. */
const passwordOf = (name: string): string => `${name}-Kk7mQ2xV9dRt4pLz`;

/** One sentence for each thing that is not as expected. */
export async function play(scenario: Scenario): Promise<readonly string[]> {
  const data = await makeDataFolder();
  try {
    await prepare(data, scenario.given);
    await using server = await startServer({ data, args: ["--trusted-proxies", "127.0.0.1"] });
    using holder = new DatabaseHolder(data);
    const faults: string[] = [];
    for (const step of scenario.steps) {
      const found = await playStep(server, holder, step);
      faults.push(...found.map((fault) => `${scenario.file}:${step.line}: ${fault}`));
    }
    return faults;
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function prepare(data: string, given: readonly Given[]): Promise<void> {
  for (const item of given) {
    switch (item.kind) {
      case "zone":
        await mustRun(["zone", "add", item.apex, ...(item.isPrivate ? ["--private"] : [])], {
          data,
        });
        break;
      case "account": {
        const stdin = passwordOf(item.user);
        await mustRun(["user", "add", item.user, "--password-stdin"], { data, stdin });
        for (const host of item.hosts) {
          await mustRun(["host", "add", host, "--user", item.user], { data });
        }
        await addLogin(data, item.user, item.user, ["--all-hosts"]);
        break;
      }
      case "login":
        await addLogin(data, item.username, item.user, [
          "--hosts",
          item.hosts.join(","),
          ...(item.accepts.length === 0 ? [] : ["--accepts", item.accepts.join(",")]),
          ...(item.from === undefined ? [] : ["--from", item.from]),
          ...(item.defaultHost === undefined ? [] : ["--default-host", item.defaultHost]),
        ]);
        break;
      case "blocked":
        await mustRun(["host", "hold", item.host], { data });
        break;
    }
  }
}

async function addLogin(
  data: string,
  username: string,
  user: string,
  what: readonly string[],
): Promise<void> {
  const args = [
    "login",
    "add",
    "--user",
    user,
    ...what,
    "--username",
    username,
    "--password-stdin",
  ];
  await mustRun(args, { data, stdin: passwordOf(username) });
}

/** Another program at the database: while it holds the lock, nothing can be made durable. */
class DatabaseHolder implements Disposable {
  readonly #database: Database;

  constructor(data: string) {
    this.#database = new Database(`${data}/nameward.db`);
    this.#database.run("pragma busy_timeout = 10000");
  }

  hold(): void {
    this.#database.run("begin immediate");
  }

  free(): void {
    this.#database.run("rollback");
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

async function playStep(
  server: TestServer,
  holder: DatabaseHolder,
  step: Step,
): Promise<readonly string[]> {
  if (step.kind === "store") {
    if (step.isHeld) holder.hold();
    else holder.free();
    return [];
  }
  const deadlineMs = performance.now() + (step.isSoon ? soonMs : 0);
  for (;;) {
    const faults = await tryStep(server, step);
    if (faults.length === 0 || performance.now() >= deadlineMs) return faults;
    await Bun.sleep(soonEveryMs);
  }
}

async function tryStep(
  server: TestServer,
  step: Exclude<Step, { kind: "store" }>,
): Promise<readonly string[]> {
  switch (step.kind) {
    case "http": {
      const octets = await exchangeOctets(server.devices, printRequest(step.request));
      return compareReply(octets, step.expected, step.request.method === "HEAD");
    }
    case "raw": {
      const sent = step.octets.replace(/\{(\w+)\}/g, (_, username: string) =>
        basic({ username, isWrong: false }),
      );
      const octets = await exchangeOctets(server.devices, sent);
      return compareReply(octets, step.expected, sent.startsWith("HEAD"));
    }
    case "dns": {
      const faults: string[] = [];
      for (const transport of ["udp", "tcp"] satisfies Transport[]) {
        const message = await ask(server.dns, transport, step.name, step.type);
        const found = compareMessage(message, step.expected);
        faults.push(...found.map((fault) => `over ${transport}: ${fault}`));
      }
      return faults;
    }
    case "run": {
      const result = await nameward(step.args, { data: server.data });
      if (result.code === step.exitCode) return [];
      return [`exit ${result.code} instead of ${step.exitCode}: ${result.stderr}`];
    }
  }
}

function printRequest(request: HttpRequestLine): string {
  const target = request.target.replace(/\{(\w+)\}/g, (_, username: string) =>
    passwordOf(username),
  );
  const lines = [`${request.method} ${target} ${request.version}`];
  if (request.hasHost) lines.push("Host: dyn.example.test");
  if (request.credential !== undefined) {
    lines.push(`Authorization: Basic ${basic(request.credential)}`);
  }
  lines.push(...request.headers);
  if (request.body !== undefined) {
    lines.push("Content-Type: application/x-www-form-urlencoded");
    lines.push(`Content-Length: ${request.body.length}`);
  }
  return `${lines.join(request.lineEnd)}${request.lineEnd}${request.lineEnd}${request.body ?? ""}`;
}

function basic({ username, isWrong }: ScenarioCredential): string {
  return btoa(`${username}:${passwordOf(username)}${isWrong ? "x" : ""}`);
}

function compareReply(octets: string, expected: HttpExpected, isHead: boolean): readonly string[] {
  const faults = [...findReplyFaults(octets, isHead)];
  const reply = parseReply(octets);
  if (reply === undefined) return faults;
  const found = `${reply.status} ${reply.body}`;
  const isBody = expected.body === undefined || reply.body === expected.body;
  if (reply.status !== expected.status || !isBody) {
    faults.push(`replied ${JSON.stringify(found)}, not ${expected.status} ${expected.body ?? ""}`);
  }
  for (const part of expected.contains) {
    if (!reply.body.includes(part)) faults.push(`no ${part} in ${JSON.stringify(found)}`);
  }
  for (const header of expected.headers) {
    if (!reply.headers.includes(header))
      faults.push(`no header ${header} in ${reply.headers.join(", ")}`);
  }
  return faults;
}

/** The flags that a scenario speaks of; `qr` is in every answer and `rd` is the question's own. */
const namedFlags = ["aa", "tc", "ra", "ad"] as const;

function compareMessage(message: Message, expected: DnsExpected): readonly string[] {
  const rcode = Object.entries(rcodes).find(([, code]) => code === message.rcode)?.[0];
  const flags = namedFlags.filter((flag) => message.flags.has(flag));
  const faults: string[] = [];
  const found = [rcode ?? String(message.rcode), ...flags].join(" ");
  const wanted = [expected.rcode, ...namedFlags.filter((flag) => expected.flags.includes(flag))];
  if (found !== wanted.join(" ")) faults.push(`${found} instead of ${wanted.join(" ")}`);
  faults.push(...compareSection("answer", message.answers, expected.answer));
  if (expected.authority !== undefined) {
    faults.push(...compareSection("authority", message.authority, expected.authority));
  }
  return faults;
}

/** The same records in any order, and no others. */
function compareSection(
  section: string,
  records: readonly MessageRecord[],
  expected: readonly ExpectedRecord[],
): readonly string[] {
  const missing = expected.filter((row) => !records.some((record) => isAs(record, row)));
  const unexpected = records.filter((record) => !expected.some((row) => isAs(record, row)));
  return [
    ...missing.map((row) => `no ${printExpected(row)} in the ${section} section`),
    ...unexpected.map((record) => `unexpected in the ${section} section: ${printRecord(record)}`),
  ];
}

function isAs(record: MessageRecord, row: ExpectedRecord): boolean {
  return (
    printName(record.owner).toLowerCase() === row.owner.toLowerCase() &&
    typeName(record.type) === row.type &&
    (row.ttlSeconds === undefined || row.ttlSeconds === record.ttlSeconds) &&
    (row.data === undefined || row.data === printRdata(record.type, record.rdata))
  );
}

function printRecord(record: MessageRecord): string {
  const data = printRdata(record.type, record.rdata);
  return `${printName(record.owner)} ${record.ttlSeconds} ${typeName(record.type)} ${data}`;
}

function printExpected(row: ExpectedRecord): string {
  return [row.owner, row.ttlSeconds, row.type, row.data].filter((x) => x !== undefined).join(" ");
}
