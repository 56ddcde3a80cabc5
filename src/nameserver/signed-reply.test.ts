import { expect, test } from "bun:test";
import { serveZoneText, mustParseName } from "../../test/dns/served-zone.ts";
import { makeQuery, readMessage, writeMessage } from "../dns/message.ts";
import { typeName, types } from "../dns/record-types.ts";
import { ZoneReader } from "../zone/zone-reader.ts";
import { ZoneTable } from "../zone/zone-table.ts";
import { later, Responder } from "./respond.ts";
import type { Transport } from "./respond.ts";
import { makeSignatureMemory, SignatureTable } from "./signature-table.ts";
import { makeRequestMemory, makeSigningBell, SigningInbox } from "./signing-requests.ts";

const zone = `
$TTL 300
@ SOA ns hostmaster 7 3600 600 86400 60
@ NS ns
ns A 192.0.2.53
*.wild A 192.0.2.9
`;
const nowSeconds = 1_796_000_000;
const keyTag = 4_711;
const times = {
  inception: nowSeconds - 1,
  expiration: nowSeconds + 1_000_000,
  refreshAt: nowSeconds + 500_000,
};

/** A zone that says it is signed, and nobody who signs, until the test does. */
function start() {
  const table = new ZoneTable({ bytesMax: 4 * 1024 * 1024, hashSeed: 9 });
  serveZoneText(table, "o.test", zone);
  table.setSigning(mustParseName("o.test."), {
    activeKeyTag: keyTag,
    keySetTags: [keyTag],
    keySet: [],
  });
  const signatures = makeSignatureMemory(1024 * 1024);
  const requests = makeRequestMemory();
  const signing = { signatures, requests, bell: makeSigningBell(), hashKey: new Uint8Array(16) };
  const responder = new Responder(new ZoneReader(table.buffer, 9, 0), { signing });
  responder.nowSeconds = nowSeconds;
  const inbox = new SigningInbox(requests);
  const written = new SignatureTable(signatures);
  return {
    /** Each at another time, so that what is asked for again is asked again. */
    ask(name: string, transport: Transport, isDnssecOk: boolean) {
      responder.nowMs += 1_000;
      const edns = { isDnssecOk };
      const query = writeMessage(makeQuery(mustParseName(name), types.A, { id: 1, edns }));
      const length = responder.respond(query, query.length, transport);
      return length === later ? "later" : readMessage(responder.reply.slice(0, length));
    },
    /** Signs what was asked for, at most so many. Returns how many that were. */
    sign(most: number): number {
      for (let signed = 0; signed < most; signed++) {
        const request = inbox.take();
        if (request === undefined) return signed;
        written.write(request.key, times, new Uint8Array(64).fill(7));
      }
      return most;
    },
  };
}

/** Asks over UDP for one name after the other until it is told not to wait. Returns how many waited. */
function fill(ask: ReturnType<typeof start>["ask"]): number {
  for (let number = 0; number < 10_000; number++) {
    const reply = ask(`name-${number}.o.test.`, "udp", true);
    if (reply === "later") continue;
    expect([...reply.flags]).toContain("tc");
    return number;
  }
  throw new Error("There is room for ever more requests");
}

test("when more waits to be signed than may, UDP is told to come over TCP, which waits", () => {
  const { ask, sign } = start();
  const waiting = fill(ask);
  expect(waiting).toBeGreaterThan(200);
  for (let number = 0; number < 1_000; number++) {
    const name = `more-${number}.o.test.`;
    const reply = ask(name, "udp", true);
    if (reply === "later") throw new Error("There is no room to wait");
    const { answers, authority, additional } = reply;
    expect([[...reply.flags].toSorted(), reply.rcode]).toEqual([["aa", "qr", "tc"], 0]);
    expect([answers, authority, additional]).toEqual([[], [], []]);
    expect(reply.edns?.isDnssecOk).toBe(true);
    expect(ask(name, "tcp", true)).toBe("later");
  }
  // As soon as the signer gets on, there is room again, and who comes again is answered.
  expect(sign(50)).toBe(50);
  expect(ask("again.o.test.", "udp", true)).toBe("later");
  while (sign(1_000) > 0);
  const reply = ask("again.o.test.", "udp", true);
  expect(reply === "later" ? reply : reply.authority.map(({ type }) => typeName(type))).toEqual([
    "SOA",
    "RRSIG",
    "NSEC",
    "RRSIG",
  ]);
});

test("what needs no new signature is answered all the while", () => {
  const { ask, sign } = start();
  expect(ask("ns.o.test.", "udp", true)).toBe("later");
  while (sign(10) > 0);
  fill(ask);
  for (let number = 0; number < 1_000; number++) {
    const plain = ask(`plain-${number}.o.test.`, "udp", false);
    expect(plain === "later" ? plain : [plain.rcode, plain.authority.length]).toEqual([3, 1]);
    const known = ask("ns.o.test.", "udp", true);
    expect(known === "later" ? known : known.answers.map(({ type }) => typeName(type))).toEqual([
      "A",
      "RRSIG",
    ]);
  }
});

test("a name that a wildcard makes has a signature of its own, and needs no NSEC beside it", () => {
  const { ask, sign } = start();
  for (const name of ["a.wild.o.test.", "b.wild.o.test."]) {
    expect(ask(name, "udp", true)).toBe("later");
    expect(sign(10)).toBe(1);
    const reply = ask(name, "udp", true);
    if (reply === "later") throw new Error("It was signed");
    expect(reply.answers.map(({ type }) => typeName(type))).toEqual(["A", "RRSIG"]);
    expect(reply.answers[1]!.rdata[3]).toBe(4); // labels of the name, not of the wildcard (RFC 9824 §3)
    expect(reply.authority).toEqual([]);
  }
});
