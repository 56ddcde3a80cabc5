/** Name servers that lie, are cut short, talk nonsense or say nothing: an update is never taken for done. */

import { expect, test } from "bun:test";
import { makeUpdate as makeUpdateMessage } from "../../src/dns/update-message.ts";
import { readMessage, rcodes, writeMessage } from "../../src/dns/message.ts";
import type { Message } from "../../src/dns/message.ts";
import { parseName } from "../../src/dns/name.ts";
import { signMessage, verifyMessage } from "../../src/dns/tsig.ts";
import type { TsigKey } from "../../src/dns/tsig.ts";
import { openFakeNameServer } from "./fake-name-server.ts";
import type { Answer } from "./fake-name-server.ts";
import { makeUpdate, mustMakeService, never } from "./speaking.ts";

const key: TsigKey = {
  name: parseName("upd")!,
  algorithm: "hmac-sha256",
  secret: new Uint8Array(32).fill(0x6b),
};
const otherKey = { ...key, secret: new Uint8Array(32).fill(0x6c) };

function replyTo(request: Uint8Array, change: Partial<Message> = {}): Uint8Array {
  const { id } = readMessage(request);
  const empty = makeUpdateMessage(parseName("dyn.test")!, { id, changes: [] });
  return writeMessage({ ...empty, flags: new Set(["qr"]), ...change });
}

function signed(by: TsigKey, change: Partial<Message> = {}): Answer {
  return (request) => {
    const timeSeconds = Math.floor(Date.now() / 1_000);
    const verdict = verifyMessage(request, key, { nowSeconds: timeSeconds });
    if (verdict.kind !== "verified") throw new Error(`The request is ${verdict.kind}`);
    const signing = { timeSeconds, requestMac: verdict.mac };
    return signMessage(replyTo(request, change), by, signing).octets;
  };
}

const silent: Answer = () => undefined;
const unsigned: Answer = (request) => replyTo(request);
const cut: Partial<Message> = { flags: new Set(["qr", "tc"]) };
const accepted = { kind: "accepted" };
const failed = { kind: "failed" };

const rows: readonly (readonly [string, Answer, Answer, object, udp: number, tcp: number])[] = [
  ["signed with the key", signed(key), silent, accepted, 1, 0],
  ["cut short, and whole over TCP", signed(key, cut), signed(key), accepted, 1, 1],
  ["unsigned, and signed over TCP", unsigned, signed(key), accepted, 1, 1],
  ["unsigned everywhere", unsigned, unsigned, failed, 1, 1],
  ["signed with another key", signed(otherKey), signed(otherKey), failed, 1, 1],
  ["signed for another request", replayed(), replayed(), failed, 1, 1],
  [
    "unsigned REFUSED",
    (request) => replyTo(request, { rcode: rcodes.REFUSED }),
    (request) => replyTo(request, { rcode: rcodes.REFUSED }),
    { kind: "refused", word: "REFUSED" },
    1,
    1,
  ],
  ["SERVFAIL", signed(key, { rcode: rcodes.SERVFAIL }), silent, failed, 1, 0],
  [
    "NOTZONE",
    signed(key, { rcode: rcodes.NOTZONE }),
    silent,
    { kind: "refused", word: "NOTZONE" },
    1,
    0,
  ],
  ["nonsense over TCP", unsigned, () => Uint8Array.of(1, 2, 3), failed, 1, 1],
  ["an empty message over TCP", unsigned, () => new Uint8Array(), failed, 1, 1],
];

for (const [what, udp, tcp, answer, udpAsked, tcpAsked] of rows) {
  test(`a reply that is ${what} is ${JSON.stringify(answer)}`, async () => {
    using fake = await openFakeNameServer(udp, tcp);
    expect(await serviceAt(`127.0.0.1:${fake.port}`).send(update, never)).toMatchObject([answer]);
    expect(fake.asked).toEqual({ udp: udpAsked, tcp: tcpAsked });
  });
}

test("a server that says nothing has failed when its time is over, or when it is called off", async () => {
  using fake = await openFakeNameServer(silent, silent);
  const service = serviceAt(`127.0.0.1:${fake.port}`, 300);
  expect(await service.send(update, never)).toMatchObject([failed]);
  const off = AbortSignal.timeout(50);
  const why = "The request was called off";
  expect(await serviceAt(`127.0.0.1:${fake.port}`).send(update, off)).toMatchObject([{ why }]);
});

test("a server is reached by its IPv6 address, too", async () => {
  using fake = await openFakeNameServer(signed(key), silent, "::1");
  expect(await serviceAt(`[::1]:${fake.port}`).send(update, never)).toEqual([{ kind: "accepted" }]);
});

test("where nobody listens, where no name is, and for a host outside the zone, it has failed", async () => {
  using fake = await openFakeNameServer(silent, silent);
  const { port } = fake;
  fake[Symbol.dispose]();
  for (const server of [`127.0.0.1:${port}`, "nowhere.invalid"]) {
    expect(await serviceAt(server).send(update, never)).toMatchObject([failed]);
  }
  const elsewhere = makeUpdate(["cam1.other.test"], "203.0.113.7");
  const why = "cam1.other.test is not in the zone";
  expect(await serviceAt("127.0.0.1").send(elsewhere, never)).toMatchObject([{ why }]);
});

const update = makeUpdate(["cam1.dyn.test"], "203.0.113.7");

function serviceAt(server: string, askMs = 10_000): ReturnType<typeof mustMakeService> {
  const secret = key.secret.toBase64();
  return mustMakeService("rfc2136", { server, zone: "dyn.test", key: "upd", secret }, { askMs });
}

/** A true signature under the reply to a request that was another. */
function replayed(): Answer {
  return (request) => {
    const signing = { timeSeconds: Math.floor(Date.now() / 1_000), requestMac: new Uint8Array(32) };
    return signMessage(replyTo(request), key, signing).octets;
  };
}
