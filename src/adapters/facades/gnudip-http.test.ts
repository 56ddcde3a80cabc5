import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "bun:test";
import { listed, makeAsker } from "../../../test/facade-asker.ts";
import { makeNotingService } from "../../../test/fixtures/devices/noting-service.ts";
import { hosts, outcomes, reached } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import type { Credential } from "../../core/login.ts";
import type { UpdateOutcome, UpdateRequest } from "../../core/update.ts";
import type { Service } from "../update-service.ts";
import { challengeSeconds } from "./gnudip-http.ts";

const path = "GET /gnudip/cgi-bin/gdipupdt.cgi";
let nowMs = 0;
beforeEach(() => {
  nowMs = 1_700_000_000_400;
});

/** Octets that repeat, so that a salt can be foretold. */
const world = {
  clock: { now: () => nowMs, monotonicMs: () => nowMs },
  chance: { octets: (length: number) => new Uint8Array(length).fill(9) },
};

interface Noting extends Service {
  readonly updates: UpdateRequest[];
}

/** Knows logins by their user names, all with `secret`, for `cam1` and `cam2`. */
function makeService(usernames: readonly string[], outcome?: UpdateOutcome): Noting {
  const updates: UpdateRequest[] = [];
  const isKnown = (credential: Credential | undefined): boolean =>
    credential?.kind === "gnudip" &&
    usernames.includes(credential.username) &&
    credential.digest === digest(credential.salt);
  return {
    ...makeNotingService(),
    updates,
    listHosts: (credential) => (isKnown(credential) ? listed({}, {}) : { kind: "bad-credentials" }),
    takeUpdate(request) {
      updates.push(request);
      if (outcome !== undefined) return outcome;
      if (!isKnown(request.credential)) return { kind: "bad-credentials" };
      return hosts(reached("changed", request.addresses[0] ?? request.peer.text));
    },
  };
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
const digest = (salt: string): string => md5(`${md5("secret")}.${salt}`);

/** Values of the `meta` elements, as a client finds them. */
function readMeta(reply: string): Record<string, string> {
  return Object.fromEntries(
    [...reply.matchAll(/^<meta name="([a-z]+)" content="([^"]*)">$/gm)].map((found) => [
      found[1]!,
      found[2]!,
    ]),
  );
}

type Ask = ReturnType<typeof makeAsker>;

async function take(ask: Ask): Promise<Record<string, string>> {
  return readMeta(await ask({ line: path }));
}

function answer(ask: Ask, given: Readonly<Record<string, string>>): Promise<string> {
  return ask({ line: `${path}?${new URLSearchParams(given).toString()}` });
}

const cam1 = { user: "cam1", domn: "example.test", reqc: "0", addr: "192.0.2.7" };

test("a first request gets a salt, its time and a signature", async () => {
  expect(await makeAsker(makeService([]), world)({ line: path })).toBe(`200 <html>
<head>
<title>GnuDIP Update Server</title>
<meta name="salt" content="AAAAAAAAAA">
<meta name="time" content="1700000000">
<meta name="sign" content="${(await take(makeAsker(makeService([]), world)))["sign"]!}">
</head>
<body>
</body>
</html>
`);
});

test("any folder in front of the script will do", async () => {
  const ask = makeAsker(makeService([]), world);
  for (const folder of ["", "/cgi-bin", "/a/b/c", "//gnudip//CGI-BIN"]) {
    expect(readMeta(await ask({ line: `GET ${folder}/gdipupdt.cgi` }))["salt"]).toBe("AAAAAAAAAA");
  }
  expect(await ask({ line: "GET /other.cgi" })).toBe("404 not found");
});

describe("the answer to a salt", () => {
  const codes: OutcomeTable = {
    changed: "200 0",
    unchanged: "200 0",
    "no credentials": "200 1",
    "bad credentials": "200 1",
    "unknown host": "200 1",
    "not a full name": "200 1",
    "bad address": "200 1",
    blocked: "200 1",
    "too many hosts": "200 1",
    later: "503 undefined",
    "one of two refused": "200 1",
    "one of two changed": "200 0",
  };
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, async () => {
      const ask = makeAsker(makeService(["cam1"], outcome), world);
      const challenge = await take(ask);
      const reply = await answer(ask, { ...challenge, ...cam1, pass: digest("AAAAAAAAAA") });
      const code = `${reply.slice(0, 3)} ${readMeta(reply)["retc"]}`;
      expect(code).toBe(codes[title as keyof typeof outcomes]);
    });
  }
});

describe("what is asked for", () => {
  const peer = "198.51.100.9";
  const cases: readonly (readonly [
    string,
    Readonly<Record<string, string>>,
    object,
    Readonly<Record<string, string>>,
  ])[] = [
    ["an address", {}, { addresses: ["192.0.2.7"] }, { retc: "0" }],
    ["none, as ez-ipupdate", { addr: "" }, { addresses: [] }, { retc: "0" }],
    ["0.0.0.0", { addr: "0.0.0.0" }, { addresses: [] }, { retc: "0" }],
    ["to be told one's own", { reqc: "2" }, { addresses: [] }, { retc: "0", addr: peer }],
    ["offline", { reqc: "1" }, { addresses: [], offline: true }, { retc: "2" }],
    [
      "by a login that is called as the host",
      { user: "cam2" },
      { hosts: ["cam2.example.test"] },
      { retc: "0" },
    ],
    [
      "by a login with a name of its own",
      { user: "router", domn: "cam1.example.test" },
      { hosts: ["cam1.example.test"] },
      { retc: "0" },
    ],
    ["another's host", { user: "router" }, { hosts: ["router.example.test"] }, { retc: "0" }],
    ["a digest in upper case", { pass: digest("AAAAAAAAAA").toUpperCase() }, {}, { retc: "0" }],
  ];
  for (const [title, given, wanted, reply] of cases) {
    test(title, async () => {
      const service = makeService(["cam1", "cam2.example.test", "router"]);
      const ask = makeAsker(service, world);
      const sent = { ...(await take(ask)), ...cam1, pass: digest("AAAAAAAAAA"), ...given };
      expect(readMeta(await answer(ask, sent))).toEqual(reply);
      const { adapter } = service.updates[0]!;
      expect({ ...service.updates[0], adapter }).toMatchObject({
        ...wanted,
        adapter: "gnudip-http",
      });
    });
  }

  test.each([{ reqc: "3" }, { reqc: "" }, { user: "" }, { pass: "" }, { pass: "secret" }])(
    "nothing with %j",
    async (given) => {
      const service = makeService(["cam1"]);
      const ask = makeAsker(service, world);
      const sent = { ...(await take(ask)), ...cam1, pass: digest("AAAAAAAAAA"), ...given };
      expect(readMeta(await answer(ask, sent))).toEqual({ retc: "1" });
      expect(service.updates).toEqual([]);
    },
  );

  test("a wrong password is told to the service, so that its owner learns of it", async () => {
    const service = makeService(["cam1"]);
    const ask = makeAsker(service, world);
    const sent = { ...(await take(ask)), ...cam1, pass: md5("wrong") };
    expect(readMeta(await answer(ask, sent))).toEqual({ retc: "1" });
    expect(service.updates).toHaveLength(1);
  });
});

describe("a salt counts for a minute, as it was handed out, in the process that did", () => {
  async function code(
    change: (challenge: Record<string, string>) => Record<string, string>,
    laterSeconds: number,
    key = 9,
  ): Promise<string> {
    const service = makeService(["cam1"]);
    const challenge = change(await take(makeAsker(service, world)));
    nowMs += laterSeconds * 1_000;
    const chance = { octets: (length: number) => new Uint8Array(length).fill(key) };
    const ask = makeAsker(service, { ...world, chance });
    const pass = digest(challenge["salt"]!);
    const reply = await answer(ask, { ...challenge, ...cam1, pass });
    const { retc } = readMeta(reply);
    expect(service.updates).toHaveLength(retc === undefined ? 0 : 1);
    return `${reply.slice(0, 3)} ${retc}`;
  }
  const same = (challenge: Record<string, string>): Record<string, string> => challenge;

  test("until then", async () => {
    expect(await code(same, 0)).toBe("200 0");
    expect(await code(same, challengeSeconds)).toBe("200 0");
  });
  test("not later, and not before", async () => {
    expect(await code(same, challengeSeconds + 1)).toBe("503 undefined");
    expect(await code(same, -1)).toBe("503 undefined");
  });
  test("not with another salt, time or signature", async () => {
    expect(await code((given) => ({ ...given, salt: "BBBBBBBBBB" }), 0)).toBe("503 undefined");
    expect(await code((given) => ({ ...given, time: "1700000001" }), 1)).toBe("503 undefined");
    expect(await code((given) => ({ ...given, sign: "0".repeat(32) }), 0)).toBe("503 undefined");
    expect(await code((given) => ({ ...given, sign: "" }), 0)).toBe("503 undefined");
    expect(await code((given) => ({ ...given, sign: given["sign"]!.slice(1) }), 0)).toBe(
      "503 undefined",
    );
  });
  test("not after a restart", async () => {
    expect(await code(same, 0, 8)).toBe("503 undefined");
  });
});
