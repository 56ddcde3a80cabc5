import { describe, expect, test } from "bun:test";
import { makeNotingService } from "../../../test/fixtures/devices/noting-service.ts";
import { outcomes } from "../../../test/outcomes.ts";
import { parseAddress } from "../../base/address.ts";
import { systemChance } from "../../base/chance.ts";
import { systemClock } from "../../base/clock.ts";
import type { Registration, RegistrationOutcome } from "../../core/registration.ts";
import type { UpdateRequest } from "../../core/update.ts";
import type { AnswerFacade } from "../facade.ts";
import type { FacadeRequest } from "../facade.ts";
import { parseParameters } from "../parameters.ts";
import { parseTarget } from "../target.ts";
import type { Service } from "../update-service.ts";
import { answerMintAdd, answerMintRemove, answerMintUpdate } from "./mint-num.ts";

const peer = parseAddress("198.51.100.9")!;

function ask(target: string): FacadeRequest {
  const parsed = parseTarget(target, false);
  return {
    adapter: "mint-num",
    request: {
      method: "GET",
      target,
      version: "HTTP/1.1",
      headers: new Map(),
      body: "",
      peer,
      isTls: false,
      port: 80,
    },
    target: parsed,
    parameters: parseParameters(parsed.query, undefined, "")!,
    authority: "autoddns.com",
    userAgent: "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1)",
    surroundings: { clock: systemClock, chance: systemChance, signingKey: new Uint8Array(32) },
  };
}

/** A service that notes what it is asked and gives the answer that the test chose. */
function makeService(
  answers: Partial<{ register: RegistrationOutcome; update: keyof typeof outcomes }>,
): Service & { readonly registrations: Registration[]; readonly updates: UpdateRequest[] } {
  const noting = makeNotingService();
  const registrations: Registration[] = [];
  return {
    ...noting,
    registrations,
    register(registration) {
      registrations.push(registration);
      return Promise.resolve(answers.register ?? { kind: "not-open" });
    },
    takeUpdate(request) {
      noting.updates.push(request);
      return outcomes[answers.update ?? "changed"];
    },
  };
}

async function line(facade: AnswerFacade, target: string, service: Service): Promise<string> {
  const { status, body } = await facade(ask(target), service);
  return `${status} ${body}`;
}

const host = "cam1.example.test";
const kinds = [
  // what becomes of it: add.aspx, remove.aspx
  [{ kind: "created", host }, "200 910", "503 912"],
  [{ kind: "replaced", host }, "200 909", "503 912"],
  [{ kind: "unchanged", host }, "200 908", "503 912"],
  [{ kind: "acme", host, username: "u", password: "p" }, "503 912", "503 912"],
  [{ kind: "left" }, "503 912", "200 601"],
  [{ kind: "not-open" }, "200 901", "200 701"],
  [{ kind: "bad-key" }, "200 902", "200 902"],
  [{ kind: "bad-host" }, "200 901", "200 701"],
  [{ kind: "bad-address" }, "200 904", "503 912"],
  [{ kind: "taken" }, "200 907", "503 912"],
  [{ kind: "unknown" }, "200 901", "200 701"],
  [{ kind: "too-many" }, "200 911", "503 912"],
  [{ kind: "try-later" }, "503 912", "503 912"],
] as const satisfies readonly (readonly [RegistrationOutcome, string, string])[];

describe("what becomes of signing up, in numbers", () => {
  for (const [register, added, removed] of kinds) {
    test(register.kind, async () => {
      const service = makeService({ register });
      const query = "mac=QUJDREVGRw==";
      expect(await line(answerMintAdd, `/add.aspx?${query}&dm=${host}`, service)).toBe(added);
      expect(await line(answerMintRemove, `/remove.aspx?${query}`, service)).toBe(removed);
    });
  }

  test("every failure is a number that the firmware knows, since any other is a success", () => {
    const known = /^(?:200 9(?:0[1-9]|1[012])|200 [67]01|503 912)$/;
    for (const [, added, removed] of kinds) {
      expect(added).toMatch(known);
      expect(removed).toMatch(known);
    }
    expect("200 900").not.toMatch(known);
  });
});

describe("what becomes of an update, in numbers", () => {
  const table: Readonly<Record<keyof typeof outcomes, string>> = {
    changed: "200 801",
    unchanged: "200 801",
    "no credentials": "200 902",
    "bad credentials": "200 802",
    "unknown host": "200 802",
    "not a full name": "200 802",
    "bad address": "200 904",
    blocked: "200 803",
    "too many hosts": "200 803",
    later: "503 909",
    "one of two refused": "200 802",
    "one of two changed": "200 801",
  };
  for (const [title, expected] of Object.entries(table)) {
    test(title, async () => {
      const service = makeService({ update: title as keyof typeof outcomes });
      expect(await line(answerMintUpdate, "/update.aspx?mac=QUJDREVGRw==", service)).toBe(expected);
    });
  }
});

describe("the key of a device is base64 as it was sent", () => {
  const keys = [
    ["a+b/c+d/==", "a+b/c+d/=="],
    ["a%2Bb%2fc==", "a+b/c=="],
    ["=", "="],
  ] as const;
  for (const [sent, key] of keys) {
    test(sent, async () => {
      const service = makeService({});
      await answerMintAdd(ask(`/add.aspx?mac=${sent}&dm=${host}`), service);
      await answerMintRemove(ask(`/remove.aspx?mac=${sent}`), service);
      await answerMintUpdate(ask(`/update.aspx?mac=${sent}`), service);
      const from = { peer, adapter: "mint-num", userAgent: ask("/").userAgent };
      expect(service.registrations).toEqual([
        { kind: "device", key, host, addresses: [], from },
        { kind: "leave", key, from },
      ]);
      expect(service.updates[0]?.credential).toEqual({ kind: "token", secret: key });
    });
  }

  test("none is a bad one, and nobody is asked", async () => {
    const service = makeService({});
    for (const target of ["/update.aspx?mac", "/update.aspx?mac=", "/update.aspx?mac=%00"]) {
      expect(await line(answerMintUpdate, target, service)).toBe("200 902");
    }
    expect(service.updates).toEqual([]);
  });
});

test("name and address are taken where the firmware puts them", async () => {
  const service = makeService({});
  const rest = "&dcod=12&oemid=456&myip=192.0.2.7";
  await answerMintAdd(ask(`/add.aspx?mac=QUJDREVGRw==&dm=${host}${rest}`), service);
  await answerMintUpdate(ask("/update.aspx?mac=QUJDREVGRw==&myip=192.0.2.7"), service);
  expect(service.registrations).toMatchObject([{ host, addresses: ["192.0.2.7"] }]);
  expect(service.updates).toMatchObject([{ hosts: [], addresses: ["192.0.2.7"] }]);
});

test("placeholders are nothing, and a list is no address", async () => {
  const service = makeService({});
  await answerMintAdd(ask("/add.aspx?mac=QUJDREVGRw==&dm=&myip=0.0.0.0"), service);
  await answerMintUpdate(ask("/update.aspx?mac=QUJDREVGRw==&myip=192.0.2.7,192.0.2.8"), service);
  expect(service.registrations).toMatchObject([{ host: "", addresses: [] }]);
  expect(service.updates).toMatchObject([{ addresses: ["192.0.2.7,192.0.2.8"] }]);
});
