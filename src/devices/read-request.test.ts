import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readCases } from "../../test/fixtures/devices/read-cases.ts";
import { bodyOctetsMax, headersMax, headOctetsMax, readRequest } from "./read-request.ts";
import type { Reading } from "./read-request.ts";

const cases = readCases();

test("the fixtures are there", () => {
  expect(cases.length).toBeGreaterThanOrEqual(65);
});

describe("each fixture reads as it says", () => {
  for (const { file, title, octets, expected } of cases) {
    test(`${file}: ${title}`, () => {
      const reading = readRequest(octets);
      const [kind, status] = (expected.get("reads")?.[0] ?? "request").split(" ");
      expect(reading.kind).toBe(kind as Reading["kind"]);
      if (reading.kind === "reject") expect(reading.status).toBe(Number(status) as 400);
      if (reading.kind !== "request" && reading.kind !== "maybe-http09") return;
      const { request } = reading;
      for (const part of ["method", "target", "version", "body"] as const) {
        const values = expected.get(part);
        if (values !== undefined) expect(request[part]).toBe(values[0]!);
      }
      for (const header of expected.get("header") ?? []) {
        const space = header.indexOf(" ");
        expect(request.headers.get(header.slice(0, space))).toBe(header.slice(space + 1));
      }
    });
  }
});

/** Feeds a request in pieces, as a connection does. */
function readInPieces(pieces: readonly string[], read = readRequest): Reading {
  let received = "";
  let scannedTo = 0;
  let wanted = 0;
  let reading: Reading | undefined;
  for (const piece of pieces) {
    received += piece;
    if (reading !== undefined && received.length < wanted) continue;
    reading = read(received, scannedTo);
    if (reading.kind === "more") {
      scannedTo = reading.scannedTo;
      wanted = reading.octetsWanted;
    } else if (reading.kind !== "maybe-http09") {
      return reading;
    }
  }
  return reading!;
}

describe("where a request is split makes no difference", () => {
  const splits = cases.reduce((sum, { octets }) => sum + octets.length - 1, 0);
  test(`in two, at each of ${splits} places`, () => {
    expect(splits).toBeGreaterThan(4_000);
    for (const { title, octets } of cases) {
      const whole = readRequest(octets);
      for (let at = 1; at < octets.length; at++) {
        const split = readInPieces([octets.slice(0, at), octets.slice(at)]);
        expect({ title, at, reading: forgetProgress(split) }).toEqual({
          title,
          at,
          reading: forgetProgress(whole),
        });
      }
    }
  });

  test("octet by octet", () => {
    for (const { title, octets } of cases) {
      expect({ title, reading: forgetProgress(readInPieces([...octets])) }).toEqual({
        title,
        reading: forgetProgress(readRequest(octets)),
      });
    }
  });

  test("a reader that forgets what it has scanned would be caught", () => {
    const forgetful: typeof readRequest = (received) => readRequest(received.slice(-40));
    const { octets } = cases[0]!;
    expect(readInPieces([octets.slice(0, 60), octets.slice(60)], forgetful)).not.toEqual(
      readRequest(octets),
    );
  });
});

/** How far a reader has got depends on the pieces; what it has read does not. */
function forgetProgress(reading: Reading): unknown {
  return reading.kind === "more" ? { kind: "more", part: reading.part } : reading;
}

describe("limits", () => {
  const line = "GET /ip HTTP/1.1\r\n";
  const headOf = (octets: number): string =>
    `${line}X: ${"a".repeat(octets - line.length - 3 - 4)}\r\n\r\n`;

  test("a head may be as long as the limit and no longer", () => {
    expect(headOf(headOctetsMax)).toHaveLength(headOctetsMax);
    expect(readRequest(headOf(headOctetsMax)).kind).toBe("request");
    expect(readRequest(headOf(headOctetsMax + 1))).toMatchObject({
      status: 431,
      limit: "head-octets",
    });
  });

  test("a head without an end is refused when it passes the limit", () => {
    const open = `${line}X: ${"a".repeat(headOctetsMax)}`;
    expect(readRequest(open.slice(0, headOctetsMax)).kind).toBe("more");
    expect(readRequest(open.slice(0, headOctetsMax + 1))).toMatchObject({ status: 431 });
  });

  test("empty lines for ever are a head that is too long", () => {
    expect(readRequest("\r\n".repeat(headOctetsMax))).toMatchObject({ status: 431 });
  });

  const post = (length: string, body: string): string =>
    `POST /nic/update HTTP/1.1\r\nContent-Length: ${length}\r\n\r\n${body}`;

  test("a body may be as long as the limit and no longer", () => {
    const body = "a".repeat(bodyOctetsMax);
    expect(readRequest(post(String(bodyOctetsMax), body))).toMatchObject({
      kind: "request",
      request: { body },
    });
    for (const length of [String(bodyOctetsMax + 1), "999999999999999"]) {
      expect(readRequest(post(length, ""))).toMatchObject({ status: 413, limit: "body-octets" });
    }
  });

  test("what follows the body is not part of it", () => {
    expect(readRequest(post("2", "abcde"))).toMatchObject({ request: { body: "ab" } });
  });

  test("a body that is missing is waited for by its length, not octet by octet", () => {
    const head = post("10", "");
    const reading = readRequest(`${head}abc`);
    expect(reading).toMatchObject({ kind: "more", part: "body", octetsWanted: head.length + 10 });
  });

  test("headers are counted", () => {
    const headers = (count: number): string => `${line}${"X: 1\r\n".repeat(count)}\r\n`;
    expect(readRequest(headers(headersMax)).kind).toBe("request");
    expect(readRequest(headers(headersMax + 1))).toMatchObject({ status: 431, limit: "headers" });
    const stray = `${line}${"x\r\n".repeat(headersMax + 1)}\r\n`;
    expect(readRequest(stray)).toMatchObject({ status: 431, limit: "headers" });
  });
});

test("__proto__ and constructor are names of headers like any other", () => {
  const reading = readRequest("GET /ip HTTP/1.1\r\n__proto__: a\r\nconstructor: b\r\n\r\n");
  if (reading.kind !== "request") throw new Error("not read");
  expect([...reading.request.headers]).toEqual([
    ["__proto__", "a"],
    ["constructor", "b"],
  ]);
});

describe("whatever comes in", () => {
  test("the reader gives a reading", () => {
    expect(findCrash(readRequest)).toBeUndefined();
  });

  test("a reader that throws on some octets would be found", () => {
    const brittle: typeof readRequest = (received, scannedTo) => {
      if (/\n[A-Za-z-]+ [A-Za-z]/.test(received)) decodeURIComponent("%");
      return readRequest(received, scannedTo);
    };
    expect(findCrash(brittle)).toBeDefined();
  });
});

/** The first mutation of a fixture on which `read` throws or says something it may not say. */
function findCrash(read: typeof readRequest): string | undefined {
  const mutation = fc.tuple(
    fc.constantFrom(...cases.map(({ octets }) => octets)),
    fc.array(
      fc.record({
        at: fc.nat(400),
        cut: fc.nat(3),
        insert: fc.oneof(
          fc.constantFrom(
            "\r",
            "\n",
            "\0",
            " ",
            ":",
            "HTTP/1.1",
            "\r\n\r\n",
            "Content-Length: 3\r\n",
          ),
          fc.nat(255).map((octet) => String.fromCharCode(octet)),
        ),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  );
  const details = fc.check(
    fc.property(mutation, ([octets, edits]) => {
      let mutated = octets;
      for (const { at, cut, insert } of edits) {
        const place = at % (mutated.length + 1);
        mutated = mutated.slice(0, place) + insert + mutated.slice(place + cut);
      }
      const reading = read(mutated);
      if (reading.kind !== "request") return;
      const { method, target, body, headers } = reading.request;
      expect(method).toMatch(/^[A-Z]{1,16}$/);
      expect(target.length + body.length).toBeLessThanOrEqual(mutated.length);
      expect(headers.size).toBeLessThanOrEqual(headersMax);
      for (const text of [target, ...headers.values()]) expect(text).not.toMatch(/[\r\n\0]/);
    }),
    { numRuns: 3_000, seed: 20_240_611 },
  );
  return details.failed ? JSON.stringify(details.counterexample) : undefined;
}
