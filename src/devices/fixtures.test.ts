/** Every recorded request over a real socket, through the reader and the rules to the service and back. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { listening } from "../../test/fixtures/devices/listening.ts";
import { makeNotingService } from "../../test/fixtures/devices/noting-service.ts";
import { readCases } from "../../test/fixtures/devices/read-cases.ts";
import type { RequestCase } from "../../test/fixtures/devices/read-cases.ts";
import { RawPeer } from "../../test/fixtures/devices/raw-peer.ts";
import { makeAdapter } from "../adapters/answer.ts";
import type { Credential } from "../core/login.ts";
import { rules } from "../adapters/rules.ts";
import { replyOctetsMax } from "./print-reply.ts";

setDefaultTimeout(30_000);

const cases = readCases().filter(({ expected }) => expected.get("reads")?.[0] !== "more");

/** Every rule has a recording of its own in `test/fixtures/adapters`; here it is the reader that is looked at. */
test("the fixtures are there, and name rules that there are", () => {
  expect(cases.length).toBeGreaterThanOrEqual(65);
  const named = cases.flatMap(({ expected }) => expected.get("rule") ?? []);
  const known = new Set(["none", ...rules.map(({ id }) => id)]);
  expect(named.filter((id) => !known.has(id))).toEqual([]);
});

describe("each fixture gets one reply, in one read, and then the FIN", () => {
  for (const given of cases) {
    test(`${given.file}: ${given.title}`, async () => {
      const service = makeNotingService();
      await using listener = await listening({
        answer: makeAdapter(service),
        limits: { silenceMs: 50, lingerMs: 3_600_000 },
      });
      const peer = await RawPeer.connect(listener.port);
      peer.send(given.octets);
      expect(await peer.ended()).toBe("fin");
      peer.close();

      expect(peer.events).toHaveLength(1);
      expect(peer.text.length).toBeLessThan(replyOctetsMax);
      expect(peer.text).toMatch(/\r\nConnection: close\r\n\r\n/);
      expect(listener.errors).toEqual([]);
      judge(given, peer.text, service);
    });
  }
});

function judge(
  { expected }: RequestCase,
  reply: string,
  service: ReturnType<typeof makeNotingService>,
): void {
  const first = (word: string): string | undefined => expected.get(word)?.[0];
  const status = first("reads")?.startsWith("reject ") ? first("reads")!.slice(7) : first("status");
  if (status !== undefined) expect(reply).toStartWith(`HTTP/1.1 ${status} `);

  const [update] = service.updates;
  const rule = first("rule");
  if (rule === "none") expect(reply).toStartWith("HTTP/1.1 404 ");
  else if (update !== undefined) expect(update.adapter).toBe(rule!);
  else if (rule !== undefined) expect(reply).not.toMatch(/^HTTP\/1\.1 4(?!01)/);
  const isUpdate = rules.some(({ id, operation }) => id === rule && operation === "update");
  expect(service.updates).toHaveLength(isUpdate && first("login") !== "malformed" ? 1 : 0);

  const list = (word: string): readonly string[] =>
    first(word) === "-" ? [] : first(word)!.split(",");
  if (expected.has("hosts")) expect(update?.hosts).toEqual(list("hosts"));
  if (expected.has("addresses")) expect(update?.addresses).toEqual(list("addresses"));
  if (expected.has("offline")) expect(update?.offline).toBe(true);
  const login = first("login");
  if (login === undefined || login === "malformed") return;
  const credential = update?.credential ?? service.credentials[0];
  const printed = credential === undefined ? "-" : printCredential(credential);
  expect(printed).toBe(login);
}

function printCredential(credential: Credential): string {
  switch (credential.kind) {
    case "password":
      return `${credential.username} ${credential.password}`;
    case "gnudip":
      return `gnudip ${credential.username} ${credential.salt} ${credential.digest}`;
    default:
      return `${credential.kind} ${credential.secret}`;
  }
}
