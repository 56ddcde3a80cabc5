/** Nothing that a stranger sends comes back as anything but harmless text, in whatever dialect. */

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { makeNotingService } from "../../test/fixtures/devices/noting-service.ts";
import { parseAddress } from "../base/address.ts";
import type { HostName } from "../core/host-name.ts";
import type { HostOutcome, UpdateOutcome } from "../core/update.ts";
import { printReply } from "../devices/print-reply.ts";
import { makeAdapter } from "./answer.ts";
import type { DeviceReply, DeviceRequest } from "./device-request.ts";
import { listDialects, updateDialects } from "./dialects.ts";
import type { PrintUpdate } from "./dialects.ts";
import { plainText } from "./dialects/plain-text.ts";
import type { Question } from "./question.ts";
import { rules } from "./rules.ts";

const peer = parseAddress("198.51.100.9")!;
const before = { v4: undefined, v6: undefined };
const name = "cam1.dyn.test" as HostName;
const reached = { name, addresses: ["192.0.2.7", "2001:DB8::7"], before };

const hostOutcomes: readonly HostOutcome[] = [
  { kind: "changed", ...reached },
  { kind: "unchanged", ...reached },
  { kind: "changed", ...reached, addresses: [] },
  { kind: "unknown-host" },
  { kind: "not-a-full-name" },
  { kind: "bad-address" },
  { kind: "blocked" },
];

const outcomes: readonly UpdateOutcome[] = [
  { kind: "no-credentials" },
  { kind: "bad-credentials" },
  { kind: "too-many-hosts" },
  { kind: "try-later" },
  ...hostOutcomes.map((host): UpdateOutcome => ({ kind: "hosts", hosts: [host] })),
  { kind: "hosts", hosts: hostOutcomes },
];

/** Stands on both sides of what would break out of a line, a tag, an attribute or a text of JSON; in no dialect's words. */
const mark = "QZQ";
const breakouts = "\r\n\0<>\"'&|\\\x7f\x9b\xe9;".split("");

function surround(breakout: string): string {
  return `${mark}${breakout}${mark}`;
}

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...breakouts.map(surround)),
      fc.constantFrom(mark, "__proto__", "a.test", "192.0.2.7", "\r\n\r\n", "x".repeat(300)),
      fc.constantFrom("\xc0\xae", "\xed\xa0\x80", "\xff", "${id}", "%0d%0a", "]]>"),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((pieces) => pieces.join(""));

/** What is wrong with a reply, if anything is. */
function findFault(reply: DeviceReply): string | undefined {
  try {
    printReply(reply, "GET");
  } catch (error) {
    return `it cannot be printed: ${String(error)}`;
  }
  const { body, location, contentType } = reply;
  if (/[^\n\x20-\x7e]/.test(body)) return "a control character or an octet that is not ASCII";
  if (location !== undefined && !/^[!-~]*$/.test(location)) return "a header that is none";
  if (contentType === "application/json") JSON.parse(body);
  for (const one of breakouts) {
    if (!contentType.includes("ml") && "';".includes(one)) continue; // there they are text like any other
    if (contentType === "application/json" && "<>&|".includes(one)) continue;
    if (body.includes(surround(one)) || location?.includes(surround(one)) === true) {
      return `what would break out: ${JSON.stringify(one)}`;
    }
  }
  return undefined;
}

function makeQuestion(texts: readonly string[], keys: readonly string[]): Question {
  const text = (at: number): string => texts[at % texts.length]!;
  return {
    adapter: "x",
    hosts: texts,
    challenge: text(0),
    parameters: keys.map((key, at) => ({ key, value: text(at), raw: `${key}=${text(at)}` })),
    peer,
    authority: text(1),
    isTls: false,
  };
}

const extraKeys = "zone sha verbose domain host ip a aaaa txt dnsto __proto__".split(" ");
/** Keys that any rule or dialect reads, and some that none does. */
const keys = [
  ...new Set(
    rules.flatMap((rule) =>
      rule.operation === "update" ? [...rule.mapping.hosts, ...rule.mapping.addresses] : [],
    ),
  ),
  ...extraKeys,
];

function findLeakOf(print: (question: Question) => DeviceReply): string | undefined {
  const details = fc.check(
    fc.property(fc.array(hostile, { minLength: 7, maxLength: 7 }), (texts) => {
      expect(findFault(print(makeQuestion(texts, keys)))).toBeUndefined();
    }),
    { numRuns: 25, seed: 20_240_611 },
  );
  return details.failed ? `${String(details.errorInstance)}` : undefined;
}

describe("no dialect lets a hostile request speak, whatever became of it", () => {
  const dialects = Object.entries<PrintUpdate>(updateDialects);
  test("there are as many dialects as the table has", () => {
    expect(dialects.length).toBeGreaterThanOrEqual(30);
  });
  for (const [dialect, print] of dialects) {
    test(dialect, () => {
      for (const outcome of outcomes) {
        expect([outcome, findLeakOf((question) => print(outcome, question))]).toEqual([
          outcome,
          undefined,
        ]);
      }
    });
  }

  const hosts = [
    { id: 1, name, zone: "dyn.test", addresses: ["192.0.2.7"], challenges: [], changedAtMs: 5 },
  ];
  for (const [dialect, print] of Object.entries(listDialects)) {
    test(`${dialect}, a list`, () => {
      expect(findLeakOf((question) => print({ kind: "hosts", hosts }, question))).toBeUndefined();
      expect(
        findLeakOf((question) => print({ kind: "bad-credentials" }, question)),
      ).toBeUndefined();
    });
  }

  test("one that repeats a host, a value or the name of the server would be found", () => {
    const repeats: readonly ((question: Question) => string)[] = [
      ({ hosts: asked }) => asked.join(","),
      ({ parameters }) => `<ZONE="${parameters[0]!.value}">`,
      ({ authority }) => `http://${authority}/`,
    ];
    for (const repeat of repeats) {
      expect(findLeakOf((question) => plainText(200, repeat(question)))).toBeDefined();
    }
    const json = (question: Question): DeviceReply => {
      const body = `{"host":"${question.hosts[0]}"}`;
      return { status: 200, contentType: "application/json", body };
    };
    expect(findLeakOf(json)).toBeDefined();
  });
});

describe("no rule does, through the whole engine", () => {
  const adapter = makeAdapter(makeNotingService());
  const table = rules.filter((rule) => rule.operation !== "facade");

  /** Percent-encoded, as what would end the line or the pair has to be. */
  const encode = (text: string): string =>
    Array.from(text, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, "0")}`).join("");

  for (const rule of table) {
    test(rule.id, async () => {
      const mapping = rule.operation === "update" ? rule.mapping : undefined;
      const { match } = rule;
      const asked = [
        ...(match.keys ?? []),
        ...(match.anyKeys ?? []),
        ...(mapping?.hosts ?? []),
        ...(mapping?.domains ?? []),
        ...(mapping?.addresses ?? []),
        ...keys,
      ].filter((key) => !key.startsWith("{") && match.absentKeys?.includes(key) !== true);
      await fc.assert(
        fc.asyncProperty(fc.array(hostile, { minLength: 7, maxLength: 7 }), async (texts) => {
          const query = asked.map((key, at) => `${key}=${encode(texts[at % 7]!)}`).join("&");
          const path = match.paths[0]!.replaceAll(/\{[^}]+\}/g, () => encode(texts[0]!));
          const request: DeviceRequest = {
            method: match.methods[0]!,
            target: `${path}?${query}&${query}`.slice(0, 200_000),
            version: "HTTP/1.1",
            headers: new Map([
              ["authorization", `Basic ${btoa("cam:secret")}`],
              ["host", texts[2]!],
              ["user-agent", texts[3]!],
              ["__proto__", texts[4]!],
            ]),
            body: "",
            peer,
            isTls: false,
            port: 80,
          };
          expect(findFault(await adapter(request))).toBeUndefined();
        }),
        { numRuns: 8, seed: 20_240_611 },
      );
    });
  }
});
