import { describe, expect, test } from "bun:test";
import fc from "fast-check";

import { parseAddress } from "../../base/address.ts";
import type { Credential } from "../../core/login.ts";
import { makeMatchable } from "../matched-request.ts";
import { findRule, makeRuleBook } from "../rule-book.ts";
import { makeRule, parseRuleDocument } from "../rule-schema.ts";
import type { UnmatchedRequest } from "../update-service.ts";
import type { Acquaintances } from "./guess-roles.ts";
import { learn } from "./unmatched-sample.ts";
import type { Learned } from "./unmatched-sample.ts";
import { readRequest } from "../../devices/read-request.ts";

const peer = parseAddress("198.51.100.9")!;
const secret = "Zw7pQx29";

/** Knows the host cam1.dyn.test and the login `cam`, whose secret also stands alone. */
const known: Acquaintances = {
  isHost: (name) => name.toLowerCase() === "cam1.dyn.test",
  isUsername: (text) => text === "cam",
  findLogin: (credential) => (isRight(credential) ? { hasLabel: (t) => t === "cam1" } : undefined),
};

function isRight(credential: Credential): boolean {
  if (credential.kind === "password") {
    return credential.username === "cam" && credential.password === secret;
  }
  return credential.kind === "token" && credential.secret === secret;
}

function request(target: string, given: Partial<UnmatchedRequest> = {}): UnmatchedRequest {
  return { method: "GET", target, headers: new Map(), body: "", peer, ...given };
}

function mustLearn(unmatched: UnmatchedRequest): Learned {
  const learned = learn(unmatched, known);
  if (learned === undefined) throw new Error("nothing was learned");
  return learned;
}

function basic(text: string): Partial<UnmatchedRequest> {
  return { headers: new Map([["authorization", `Basic ${btoa(text)}`]]) };
}

describe("what values are is guessed by the values, then by their names", () => {
  interface Expected {
    readonly shape: string;
    readonly hosts: readonly string[];
    readonly addresses: readonly string[];
    readonly credential: object;
  }
  const parameters = (usernames: string, passwords: string): object => {
    return { kind: "parameters", usernames: [usernames], passwords: [passwords] };
  };
  const token = (key: string): object => ({ kind: "secret", form: "token", parameters: [key] });
  const cases: readonly (readonly [string, UnmatchedRequest, Expected])[] = [
    [
      "words that nobody knows",
      request(`/a.php?x1=cam1.dyn.test&x2=cam&x3=${secret}&x4=192.0.2.7`),
      {
        shape: "GET /a.php?x1&x2&x3&x4",
        hosts: ["x1"],
        addresses: ["x4"],
        credential: parameters("x2", "x3"),
      },
    ],
    [
      "names that mislead",
      request(`/a?ip=cam1.dyn.test&host=192.0.2.7&name=${secret}&device=cam`),
      {
        shape: "GET /a?device&host&ip&name",
        hosts: ["ip"],
        addresses: ["host"],
        credential: parameters("device", "name"),
      },
    ],
    [
      "a wrong password, by its name",
      request("/a?hn=cam1.dyn.test&user=cam&pwd=nonsense&myip=2001:db8::7"),
      {
        shape: "GET /a?hn&myip&pwd&user",
        hosts: ["hn"],
        addresses: ["myip"],
        credential: parameters("user", "pwd"),
      },
    ],
    [
      "nothing that is known, by names alone",
      request("/a?hostname=x.other.net&user=u1&pass=p1"),
      {
        shape: "GET /a?hostname&pass&user",
        hosts: ["hostname"],
        addresses: [],
        credential: parameters("user", "pass"),
      },
    ],
    [
      "a header that says who it is",
      request("/a?dev=cam1.dyn.test", basic(`cam:${secret}`)),
      { shape: "GET /a?dev basic", hosts: ["dev"], addresses: [], credential: { kind: "basic" } },
    ],
    [
      "a label of a host of the login",
      request("/a?dev=cam1", basic(`cam:${secret}`)),
      { shape: "GET /a?dev basic", hosts: ["dev"], addresses: [], credential: { kind: "basic" } },
    ],
    [
      "a secret that stands alone",
      request(`/a?q=${secret}&n=cam1.dyn.test`),
      { shape: "GET /a?n&q", hosts: ["n"], addresses: [], credential: token("q") },
    ],
    [
      "segments of the path, the case of a secret kept",
      request(`/upd/cam1.dyn.test/${secret}/192.0.2.7`),
      {
        shape: "GET /upd/{s2}/{s3}/{s4}",
        hosts: ["{s2}"],
        addresses: ["{s4}"],
        credential: token("{s3}"),
      },
    ],
    [
      "a key without a value",
      request(`/upd?${secret}`),
      { shape: "GET /upd?*", hosts: [], addresses: [], credential: { kind: "bare-key" } },
    ],
    [
      "a form",
      request("/a", {
        method: "POST",
        headers: new Map([["content-type", "application/x-www-form-urlencoded"]]),
        body: `h=cam1.dyn.test&u=cam&w=${secret}`,
      }),
      { shape: "POST /a?h&u&w", hosts: ["h"], addresses: [], credential: parameters("u", "w") },
    ],
    [
      "JSON",
      request("/a", {
        method: "POST",
        headers: new Map([["content-type", "application/json"]]),
        body: JSON.stringify({ h: "cam1.dyn.test", u: "cam", w: secret }),
      }),
      { shape: "POST /a?h&u&w", hosts: ["h"], addresses: [], credential: parameters("u", "w") },
    ],
  ];
  for (const [title, unmatched, expected] of cases) {
    test(title, () => {
      const { shape, sample } = mustLearn(unmatched);
      expect(shape).toBe(expected.shape);
      expect(sample.rule["mapping"]).toMatchObject({
        hosts: expected.hosts,
        addresses: expected.addresses,
        credential: [expected.credential],
      });
      expect(JSON.stringify([shape, sample])).not.toContain(secret);
      expect(faultOf(sample)).toBeUndefined();
    });
  }
  test("a label is said to be one", () => {
    const { sample } = mustLearn(request("/a?dev=cam1", basic(`cam:${secret}`)));
    expect(sample.rule["mapping"]).toMatchObject({ naming: "label" });
  });
});

/** Why the proposed rule cannot be kept with the masked request, if so. */
function faultOf({ rule, request: text }: Learned["sample"]): string | undefined {
  const reading = parseRuleDocument({ ...rule, requests: [text] }, new Set());
  if (reading.kind === "faults") return JSON.stringify(reading.faults);
  const read = readRequest(text.includes("\n\n") ? text : `${text}\n\n`);
  if (read.kind !== "request") return `the masked request is no request: ${text}`;
  const asked = makeMatchable({ ...read.request, peer, isTls: false, port: 80 })!.asked;
  const found = findRule(makeRuleBook([makeRule(reading.document.rule)]), asked);
  return found.kind === "rule" ? undefined : `${found.kind}: ${text}`;
}

test("devices of one kind have one shape", () => {
  const shapes = [
    request(`/v/0a1b2c3d?h=cam1.dyn.test&k=${secret}`),
    request("/v/ffee0011?k=other&h=cam2.elsewhere.net"),
    request("/V/123456?H=&K="),
  ].map((each) => mustLearn(each).shape);
  expect(new Set(shapes)).toEqual(new Set(["GET /v/{s2}?h&k"]));
});

test("the program is named, its version and what else it says of itself are not in the shape", () => {
  const agent = (text: string) =>
    mustLearn(request("/a?h=1", { headers: new Map([["user-agent", text]]) }));
  const { shape, sample } = agent("AcmeCam/2.1.7 serial 998877 (mac 00:11:22)");
  expect(shape).toBe("GET /a?h AcmeCam");
  expect(sample.request).toContain("User-Agent: AcmeCam/2.1.7\n".trimEnd());
  expect(sample.request).not.toMatch(/998877|00:11/);
  expect(agent("AcmeCam/3.0").shape).toBe(shape);
});

test("a request that carries nothing teaches nothing", () => {
  for (const target of ["/", "/favicon.ico", "/wp-login.php", "/a/b"]) {
    expect(learn(request(target), known)).toBeUndefined();
  }
  expect(learn(request("/favicon.ico?v=1"), known)).toBeDefined();
});

describe("what may be a secret is not kept", () => {
  const alphabet = [
    ..."abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789!$%&+/=;:'\"<>\r\n\0é",
  ];
  const secretText = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 6, maxLength: 40 });
  const key = fc.constantFrom("u", "x", "pw", "host", "id", "q", "z9", "authcode", "ip", "name");

  /** A request that holds the secret in one place, and its octets as they are there. */
  const holding = fc.tuple(secretText, key, fc.nat(6)).map(([text, name, place]) => {
    const escaped = encodeURIComponent(text);
    const others = "h=cam1.dyn.test&user=cam&n=7";
    const form = new Map([["content-type", "application/x-www-form-urlencoded"]]);
    const places: readonly UnmatchedRequest[] = [
      request(`/a?${others}&${name}=${escaped}`),
      request(`/a?${name}=${escaped}`, basic(`cam:${secret}`)),
      request(`/a/cam1.dyn.test/${escaped}?${others}`),
      request(`/a?${others}`, basic(`${Buffer.from(text).toString("latin1")}:x`)),
      request(`/a?${others}`, basic(`cam:${Buffer.from(text).toString("latin1")}`)),
      request(`/a?${others}`, {
        headers: new Map([
          ["x-key", text],
          ["authorization", `Bearer ${text}`],
          ["cookie", text],
        ]),
      }),
      request("/a", { method: "POST", headers: form, body: `${others}&${name}=${escaped}` }),
    ];
    return { text, unmatched: places[place]! };
  });

  /** The first case in which what is kept holds the secret in any form. */
  function findLeak(keep: (unmatched: UnmatchedRequest) => unknown): string | undefined {
    const details = fc.check(
      fc.property(holding, ({ text, unmatched }) => {
        const kept = JSON.stringify(keep(unmatched) ?? "");
        // Six characters in a row of it are no accident.
        for (let at = 0; at + 6 <= text.length; at++) {
          const piece = text.slice(at, at + 6);
          for (const form of [
            piece,
            encodeURIComponent(piece),
            JSON.stringify(piece).slice(1, -1),
          ]) {
            expect(kept.toLowerCase()).not.toContain(form.toLowerCase());
          }
        }
        for (const base64 of kept.match(/(?<=Basic )[A-Za-z0-9+/=]+/g) ?? []) {
          expect(["cam:masked", "masked:masked"]).toContain(atob(base64));
        }
        expect(kept).toMatch(/^[ -~]*$/);
      }),
      { numRuns: 3_000, seed: 20_261_201 },
    );
    return details.failed ? JSON.stringify(details.counterexample) : undefined;
  }

  test("wherever it stands", () => {
    expect(findLeak((unmatched) => learn(unmatched, known))).toBeUndefined();
  });

  test("a learner that kept the target would be found", () => {
    const keep = (unmatched: UnmatchedRequest) => [learn(unmatched, known), unmatched.target];
    expect(findLeak(keep)).toBeDefined();
  });
});

describe("whatever is asked", () => {
  const piece = fc.oneof(
    fc.constantFrom("/", "?", "&", "=", ";", "cam1.dyn.test", "192.0.2.7", "%0d%0a", "%00", "{s1}"),
    fc.constantFrom("__proto__", "constructor", "host[x]", "a.php", "123", "é", "%zz", "\\", "*"),
    fc.nat(255).map((octet) => String.fromCharCode(octet)),
  );
  const target = fc.string({ unit: piece, maxLength: 40 });

  test("learning never throws, and what is kept is short printable ASCII", () => {
    fc.assert(
      fc.property(target, target, (asked, body) => {
        const unmatched = request(`/${asked}`, { method: "POST", body });
        const learned = learn(unmatched, known);
        if (learned === undefined) return;
        expect(JSON.stringify(learned)).toMatch(/^[ -~]*$/);
        expect(learned.shape.length).toBeLessThanOrEqual(400);
        expect(learned.sample.request.length).toBeLessThan(8_000);
      }),
      { numRuns: 3_000, seed: 20_261_201 },
    );
  });

  test("a proposed rule can be kept with the request that it was proposed for", () => {
    let proposed = 0;
    fc.assert(
      fc.property(target, (asked) => {
        const learned = learn(request(`/app/${asked}`), known);
        if (learned === undefined) return;
        proposed++;
        expect(faultOf(learned.sample)).toBeUndefined();
      }),
      { numRuns: 3_000, seed: 20_261_201 },
    );
    expect(proposed).toBeGreaterThan(500);
  });
});
