import { expect, test } from "bun:test";
import vectors from "../../test/vectors/vectors.json" with { type: "json" };
import { makeQuery, writeMessage } from "./message.ts";
import { parseName } from "./name.ts";
import { types } from "./record-types.ts";
import { signMessage, tsigAlgorithms, tsigErrors, verifyMessage } from "./tsig.ts";
import type { TsigAlgorithm, TsigKey } from "./tsig.ts";

interface Signing {
  readonly unsignedHex: string;
  readonly keyName: string;
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

interface Vector {
  readonly id: string;
  readonly packetHex: string;
  readonly sign?: Signing;
}

/** The secret of every vector: 32 times the letter `k`. */
const secret = new Uint8Array(32).fill(0x6b);
const signed = (vectors as readonly Vector[]).flatMap(({ id, packetHex, sign }) =>
  sign === undefined ? [] : [{ id, packet: Uint8Array.fromHex(packetHex), sign }],
);

test("42 of the vectors are signed", () => expect(signed).toHaveLength(42));

/** K10 names an algorithm that nobody has: the writer has no way to say it. */
const written = signed.filter(({ id }) => id !== "K10");

for (const { id, packet, sign } of written) {
  test(`${id}: the writer makes the packet, octet for octet`, () => {
    expect(write(sign).toHex()).toBe(packet.toHex());
  });
}

/** What the owner of the one key finds wrong with a packet; all others verify. */
const faults: Readonly<Record<string, object>> = {
  K02: { kind: "failed", error: tsigErrors.BADKEY }, // another key
  K03: { kind: "failed", error: tsigErrors.BADSIG }, // one bit of the MAC is turned
  K04: { kind: "failed", error: tsigErrors.BADTIME }, // an hour late
  K06: { kind: "malformed" }, // RFC 8945 §5.2.2.1: 8 octets of a MAC
  K10: { kind: "failed", error: tsigErrors.BADKEY }, // another algorithm
  K11: { kind: "failed", error: tsigErrors.BADKEY }, // known, but not this key's
  K07: { kind: "malformed" }, // OPT stands behind it
  K08: { kind: "malformed" }, // there are two
};

for (const { id, packet, sign } of signed) {
  const fault = faults[id];
  test(`${id}: the verifier says ${JSON.stringify(fault ?? "verified")}`, () => {
    const key = keyOf({ keyName: "upd.", digest: "sha256" });
    const verdict = verifyMessage(packet, key, { nowSeconds: sign.storedTime });
    expect(verdict).toMatchObject(fault ?? { kind: "verified", error: 0 });
  });
}

test("one turned bit anywhere in a signed message is noticed", () => {
  const { packet, sign } = signed.find(({ id }) => id === "K01")!;
  const given = { nowSeconds: sign.storedTime };
  let turned = 0;
  for (let at = 2; at < packet.length; at++) {
    const copy = packet.slice();
    copy[at] = copy[at]! ^ 0x01;
    expect([at, verifyMessage(copy, keyOf(sign), given).kind]).not.toEqual([at, "verified"]);
    turned++;
  }
  expect(turned).toBeGreaterThan(100);
});

test("the ID is signed as it was sent: a forwarder may put another in front", () => {
  const { packet, sign } = signed.find(({ id }) => id === "K01")!;
  const copy = packet.slice();
  copy[0] = copy[0]! ^ 0xff; // RFC 8945 §4.3.2
  const verdict = verifyMessage(copy, keyOf(sign), { nowSeconds: sign.storedTime });
  expect(verdict.kind).toBe("verified");
});

test("a message in the middle of a buffer is read there, and left as it is", () => {
  const { packet, sign } = signed.find(({ id }) => id === "K01")!;
  const buffer = Buffer.concat([Buffer.alloc(7, 0xff), packet, Buffer.alloc(7, 0xff)]);
  const part = buffer.subarray(7, 7 + packet.length);
  const verdict = verifyMessage(part, keyOf(sign), { nowSeconds: sign.storedTime });
  expect([verdict.kind, part.toHex()]).toEqual(["verified", packet.toHex()]);
});

test("a message that is cut anywhere is never verified, and nothing is thrown", () => {
  const { packet, sign } = signed.find(({ id }) => id === "U02")!;
  for (let length = 0; length < packet.length; length++) {
    const verdict = verifyMessage(packet.subarray(0, length), keyOf(sign), { nowSeconds: 0 });
    expect(verdict.kind).toBe("malformed");
  }
});

const query = writeMessage(makeQuery(parseName("host.ddns.test.")!, types.A, { id: 7 }));

for (const algorithm of tsigAlgorithms) {
  test(`${algorithm}: what is signed verifies, with the MAC of the request only where it was signed`, () => {
    const key: TsigKey = { name: parseName("Upd.")!, algorithm, secret };
    const requestMac = Uint8Array.of(1, 2, 3);
    const { octets, mac } = signMessage(query, key, { timeSeconds: 2 ** 33 + 5, requestMac });
    const nowSeconds = 2 ** 33 + 300; // RFC 8945 §4.2: 48 bits
    const sameKey = { ...key, name: parseName("uPD.")! }; // RFC 8945 §4.3.3: the MAC covers lower case
    expect(verifyMessage(octets, sameKey, { nowSeconds, requestMac })).toMatchObject({
      kind: "verified",
      mac,
    });
    const withoutRequest = verifyMessage(octets, key, { nowSeconds });
    expect(withoutRequest).toEqual({ kind: "failed", error: tsigErrors.BADSIG });
  });
}

test("a message without TSIG is unsigned", () => {
  const key: TsigKey = { name: parseName("upd.")!, algorithm: "hmac-sha256", secret };
  expect(verifyMessage(query, key, { nowSeconds: 0 })).toEqual({ kind: "unsigned" });
});

test("the time may be off by the fudge and by no second more", () => {
  const key: TsigKey = { name: parseName("upd.")!, algorithm: "hmac-sha256", secret };
  const { octets } = signMessage(query, key, { timeSeconds: 1_000 });
  const kinds = [699, 700, 1_300, 1_301].map(
    (nowSeconds) => verifyMessage(octets, key, { nowSeconds }).kind,
  );
  expect(kinds).toEqual(["failed", "verified", "verified", "failed"]);
});

/** Our writer, and then what makes the faulty ones faulty. */
function write(sign: Signing): Uint8Array {
  let octets: Uint8Array = Uint8Array.fromHex(sign.unsignedHex);
  for (let time = 0; time < (sign.times ?? 1); time++) octets = writeOnce(octets, sign);
  octets = Uint8Array.from([...octets, ...Uint8Array.fromHex(sign.appendHex ?? "")]);
  if (sign.arcount !== undefined) octets.set([0, sign.arcount], 10);
  return octets;
}

function writeOnce(message: Uint8Array, sign: Signing): Uint8Array {
  const key = keyOf(sign);
  const { octets, mac } = signMessage(message, key, {
    timeSeconds: sign.storedTime + (sign.timeOffset ?? 0),
    fudgeSeconds: sign.fudge,
  });
  let hex = octets.toHex();
  const cut = mac.subarray(0, sign.macTruncate ?? mac.length).slice();
  cut[0] = cut[0]! ^ (sign.macXorFirstByte ?? 0);
  const [before, behind] = hex.split(mac.toHex()) as [string, string];
  // The size of the MAC stands before it, and the length of the RDATA before the algorithm.
  const rdataAt = 2 * (message.length + key.name.octets.length + 8);
  const rdataOctets = Number.parseInt(before.slice(rdataAt, rdataAt + 4), 16);
  hex = [
    before.slice(0, rdataAt),
    u16(rdataOctets - mac.length + cut.length),
    before.slice(rdataAt + 4, -4),
    u16(cut.length),
    cut.toHex(),
    behind,
  ].join("");
  const head = 2 * message.length;
  const body = hex
    .slice(head)
    .replace(key.name.octets.toHex(), nameHex(sign.wireKeyName ?? sign.keyName))
    .replace(nameHex(key.algorithm), nameHex(sign.wireAlgorithm ?? key.algorithm));
  return Uint8Array.fromHex(hex.slice(0, head) + body);
}

function keyOf(sign: Pick<Signing, "keyName" | "digest">): TsigKey {
  const algorithm: TsigAlgorithm = sign.digest === "sha512" ? "hmac-sha512" : "hmac-sha256";
  return { name: parseName(sign.keyName)!, algorithm, secret };
}

function nameHex(text: string): string {
  return parseName(text)!.octets.toHex();
}

function u16(value: number): string {
  return value.toString(16).padStart(4, "0");
}
