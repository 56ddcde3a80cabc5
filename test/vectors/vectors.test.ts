import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { frame, openTcpClient, openUdpClient } from "../dns/client.ts";
import type { Server } from "../dns/client.ts";
import { mustParseName, serveZoneFile } from "../dns/served-zone.ts";
import type { TestNameServer } from "../dns/name-server.ts";
import { openNameServer } from "../dns/name-server.ts";
import { summarise } from "./summary.ts";
import vectors from "./vectors.json" with { type: "json" };

interface Signing {
  readonly unsignedHex: string;
  readonly keyName: string;
  readonly algorithm: string;
  readonly digest: string;
  readonly timeOffset?: number;
  readonly fudge: number;
  readonly macXorFirstByte?: number;
  readonly macTruncate?: number;
  readonly wireKeyName?: string;
  readonly wireAlgorithm?: string;
  readonly times?: number;
  readonly appendHex?: string;
  readonly arcount?: number;
  readonly storedTime: number;
}

interface Script {
  readonly kind: string;
  readonly ids?: readonly number[];
  readonly gapMs?: number;
}

interface Vector {
  readonly id: string;
  readonly description: string;
  readonly transport: string;
  readonly packetHex: string;
  readonly accept: string;
  readonly sign?: Signing;
  readonly script?: Script;
}

const all: readonly Vector[] = vectors;

/** Vectors that do not pass yet, each with the reason. One that passes must leave the list. */
const pending = await readPending();

/** A reply that is owed comes at once; the wait is long because the machine may be busy. */
const replyMs = 5_000;
/** How long silence must last to count as one: for the vectors that may be dropped. */
const silenceMs = 1_200;

const table = new ZoneTable({ bytesMax: 16 * 1024 * 1024, hashSeed: 1 });
let nameServer: TestNameServer;
let server: Server;
let run = 0;

beforeAll(async () => {
  expect(await serveZoneFile(table, "ddns.test")).toBe(74);
  expect(await serveZoneFile(table, "signed.test")).toBe(74);
  nameServer = await openNameServer(table);
  nameServer.sign("signed.test");
  server = nameServer.bound[0]!;
});
afterAll(async () => {
  await nameServer[Symbol.asyncDispose]();
});

for (const vector of all) {
  const reason = pending.get(vector.id);
  const name = `${vector.id}: ${vector.description}`;
  test(reason === undefined ? name : `${name} is pending: ${reason}`, async () => {
    const request = makeRequest(vector);
    const line = await play(vector, request);
    run++;
    const passes = new RegExp(vector.accept).test(line);
    if (reason !== undefined) {
      expect(`${vector.id} passes: ${passes}`).toBe(`${vector.id} passes: false`);
    } else if (!passes) {
      throw new Error(`${line}\nis not what is accepted:\n${vector.accept}`);
    }
    // A sign of life: whatever the packet was, the next good query is answered.
    expect(await play(goodVector, makeRequest(goodVector))).toMatch(new RegExp(goodVector.accept));
  });
}

test("every one of the 193 vectors was played, and what is pending is among them", () => {
  expect(all.length).toBe(193);
  expect(run).toBe(193);
  const ids = new Set(all.map(({ id }) => id));
  expect([...pending.keys()].filter((id) => !ids.has(id))).toEqual([]);
});

test("no message was a failure", () => {
  expect(nameServer.count("failures")).toBe(0);
});

test("the 42 signed packets come out as they were recorded", () => {
  const signed = all.filter((vector) => vector.sign !== undefined);
  expect(signed.length).toBe(42);
  for (const { sign, packetHex } of signed) {
    expect(makeSigned(sign!, sign!.storedTime).toString("hex")).toBe(packetHex);
  }
});

for (const [line, id] of [
  ["REFUSED - len33 ", "H01"],
  ["NOERROR aa len48 an{A(host 61)}", "H01"],
  ["UNPARSABLE", "R06"],
  ["DROP", "E01"],
] as const) {
  test(`the rule of ${id} does not accept ${line}`, () => {
    expect(new RegExp(all.find((vector) => vector.id === id)!.accept).test(line)).toBe(false);
  });
}

const goodVector = all.find(({ id }) => id === "H01")!;

async function play(vector: Vector, request: Buffer): Promise<string> {
  if (vector.transport === "udp") {
    const mayDrop = new RegExp(vector.accept).test("DROP");
    using client = await openUdpClient(server);
    const reply = await client.ask(request, mayDrop ? silenceMs : replyMs);
    return summarise(reply ?? "DROP", request);
  }
  return playTcp(vector, request);
}

async function playTcp({ script }: Vector, request: Buffer): Promise<string> {
  using client = await openTcpClient(server);
  const framed = frame(request);
  switch (script?.kind) {
    case undefined:
      client.write(framed);
      break;
    case "pipeline":
      return await playPipeline(client, request, script.ids ?? []);
    case "dribble":
      for (const octet of framed) {
        client.write(Uint8Array.of(octet));
        await Bun.sleep(script.gapMs ?? 1);
      }
      break;
    case "zeroLengthFirst":
      client.write(Uint8Array.of(0, 0));
      client.write(framed);
      break;
    case "halfClose":
      client.write(framed);
      client.shutdown();
      break;
    default:
      throw new Error(`No such script: ${script?.kind}`);
  }
  const reply = await client.read(replyMs);
  return summarise(typeof reply === "string" ? (reply === "closed" ? "CLOSED" : "DROP") : reply, request);
}

async function playPipeline(
  client: Awaited<ReturnType<typeof openTcpClient>>,
  request: Buffer,
  ids: readonly number[],
): Promise<string> {
  const frames = ids.map((id) => {
    const message = Buffer.from(request);
    message.writeUInt16BE(id, 0);
    return frame(message);
  });
  client.write(Buffer.concat(frames));
  const seen: string[] = [];
  for (const _ of ids) {
    const reply = await client.read(replyMs);
    if (typeof reply === "string") return "CLOSED";
    seen.push(String(Buffer.from(reply).readUInt16BE(0)));
  }
  return `ids ${seen.join(",")}`;
}

function makeRequest({ packetHex, sign }: Vector): Buffer {
  if (sign === undefined) return Buffer.from(packetHex, "hex");
  return makeSigned(sign, Math.floor(Date.now() / 1000));
}

/** The secret of every signed vector: 32 times the letter k. */
const secret = Buffer.alloc(32, "k");

/** RFC 8945 §4.2 and §4.3.3, bent where the vector asks for it. */
function makeSigned(sign: Signing, nowSeconds: number): Buffer {
  let message = Buffer.from(sign.unsignedHex, "hex");
  for (let i = 0; i < (sign.times ?? 1); i++) {
    const time = Buffer.alloc(8);
    time.writeUIntBE(nowSeconds + (sign.timeOffset ?? 0), 0, 6);
    time.writeUInt16BE(sign.fudge, 6);
    const keyName = wireName(sign.keyName);
    const algorithm = wireName(sign.algorithm);
    const zeros = Buffer.alloc(4);
    const classAnyTtl = Buffer.from("00ff00000000", "hex");
    let mac = createHmac(sign.digest, secret)
      .update(Buffer.concat([message, keyName, classAnyTtl, algorithm, time, zeros]))
      .digest();
    mac[0]! ^= sign.macXorFirstByte ?? 0;
    mac = mac.subarray(0, sign.macTruncate ?? mac.length);
    const wireAlgorithm = wireName(sign.wireAlgorithm ?? sign.algorithm);
    const rdata = Buffer.concat([
      wireAlgorithm,
      time,
      u16(mac.length),
      mac,
      message.subarray(0, 2),
      zeros,
    ]);
    const owner = wireName(sign.wireKeyName ?? sign.keyName);
    const head = Buffer.concat([owner, u16(250), classAnyTtl, u16(rdata.length)]);
    message = Buffer.concat([message, head, rdata]);
    message.writeUInt16BE(message.readUInt16BE(10) + 1, 10);
  }
  message = Buffer.concat([message, Buffer.from(sign.appendHex ?? "", "hex")]);
  if (sign.arcount !== undefined) message.writeUInt16BE(sign.arcount, 10);
  return message;
}

function wireName(text: string): Buffer {
  return Buffer.from(mustParseName(text).octets);
}

function u16(value: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeUInt16BE(value);
  return octets;
}

async function readPending(): Promise<Map<string, string>> {
  const text = await Bun.file(new URL("./pending.tsv", import.meta.url)).text();
  const rows = text.split("\n").filter((row) => row !== "" && !row.startsWith("#"));
  return new Map(rows.map((row) => row.split("\t", 2) as [string, string]));
}
