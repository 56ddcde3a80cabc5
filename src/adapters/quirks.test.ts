import { describe, expect, test } from "bun:test";
import { makeNotingService } from "../../test/fixtures/devices/noting-service.ts";
import { parseAddress } from "../base/address.ts";
import type { HostName } from "../core/host-name.ts";
import type { HostOutcome, UpdateOutcome } from "../core/update.ts";
import { makeAdapter } from "./answer.ts";
import type { DeviceReply, DeviceRequest } from "./device-request.ts";
import { updateDialects } from "./dialects.ts";
import { quirks } from "./quirks.ts";
import type { Rule, UpdateRule } from "./rule.ts";
import { rules } from "./rules.ts";
import type { Service } from "./update-service.ts";

const name = "a.test" as HostName;
const before = { v4: undefined, v6: undefined };
const addresses = ["192.0.2.7"];
const changed: HostOutcome = { kind: "changed", name, addresses, before };
const unchanged: HostOutcome = { kind: "unchanged", name, addresses, before };
const refused: HostOutcome = { kind: "unknown-host" };

interface Asked {
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const listed = ["a.test", "b.test"].map((host, id) => ({
  id,
  name: host,
  zone: "test",
  addresses: [],
  challenges: [],
  changedAtMs: undefined,
}));

/** A service to which everything becomes of an update that is wanted. */
function service(outcome: UpdateOutcome | readonly HostOutcome[]): Service {
  const whole: UpdateOutcome = "kind" in outcome ? outcome : { kind: "hosts", hosts: outcome };
  return {
    ...makeNotingService(),
    takeUpdate: () => whole,
    listHosts: () => ({ kind: "hosts", hosts: listed }),
  };
}

function ask(
  asked: Asked,
  outcome: UpdateOutcome | readonly HostOutcome[],
  table: readonly Rule[] = rules,
): DeviceReply {
  const request: DeviceRequest = {
    method: "GET",
    target: asked.target,
    version: "HTTP/1.1",
    headers: new Map(
      Object.entries({ authorization: `Basic ${btoa("cam:secret")}`, ...asked.headers }),
    ),
    body: "",
    peer: parseAddress("198.51.100.9")!,
    isTls: false,
    port: 80,
  };
  const reply = makeAdapter(service(outcome), table)(request);
  if (reply instanceof Promise) throw new Error("This answer waits for nothing, and came later");
  return reply;
}

function print({ status, body, holdMs }: DeviceReply): string {
  return `${status} ${body}${holdMs === undefined ? "" : ` (held ${holdMs} ms)`}`;
}

const update = "/nic/update?hostname=a.test&myip=192.0.2.7";
const opnsense = { "user-agent": "OPNsense-dyndns" };
const ddnsGo = {
  "user-agent": "Go-http-client/1.1",
  "content-type": "application/x-www-form-urlencoded",
};
const tvt = { "user-agent": "DDNS-Enterprise-Client-v2.0" };
const tomato = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Firefox/109.0" };
const with911: HostOutcome = { ...changed, addresses: ["2001:db8::911"] };

/** What a client gets, and what everybody else gets. */
const cases: readonly (readonly [
  string,
  Asked,
  UpdateOutcome | readonly HostOutcome[],
  string,
  string,
])[] = [
  ["opnsense-status", { target: update, headers: opnsense }, [refused], "404 nohost", "200 nohost"],
  [
    "ddns-go-status",
    { target: update, headers: ddnsGo },
    [{ kind: "blocked" }],
    "403 abuse",
    "200 abuse",
  ],
  [
    "ddns-updater-repeats",
    { target: update, headers: { "user-agent": "DDNS-Updater quentin@example.test" } },
    [unchanged],
    "200 good 192.0.2.7",
    "200 nochg 192.0.2.7",
  ],
  [
    "hiview-repeats",
    { target: "/dns?hostname=a.test" },
    [unchanged],
    "200 good 192.0.2.7",
    "200 nochg 192.0.2.7",
  ],
  [
    "hiview-host-repeats",
    { target: update, headers: { host: "www.hiview.org" } },
    [unchanged],
    "200 good 192.0.2.7",
    "200 nochg 192.0.2.7",
  ],
  [
    "core-networks-repeats",
    { target: `${update}&keepipv6=1` },
    [unchanged],
    "200 good 192.0.2.7",
    "200 nochg 192.0.2.7",
  ],
  [
    "inadyn-ddnss-repeats",
    {
      target: "/upd.php?user=cam&pwd=secret&host=a.test",
      headers: { "user-agent": "inadyn/2.10.0 https://github.com/troglobit/inadyn/issues" },
    },
    [unchanged],
    "200 Updated 1 hostname.",
    "200 No change",
  ],
  [
    "ddclient-dme-repeats",
    {
      target: "/servlet/updateip?username=cam&password=secret&ip=192.0.2.7&id=a",
      headers: { "user-agent": "ddclient/3.10.0" },
    },
    [unchanged],
    "200 success",
    "200 error-record-ip-same",
  ],
  [
    "desec-ipv4-repeats",
    { target: `${update}&myipv4=preserve` },
    [unchanged],
    "200 good 192.0.2.7",
    "200 nochg 192.0.2.7",
  ],
  [
    "desec-ipv6-repeats",
    { target: `${update}&myipv6=preserve` },
    [unchanged],
    "200 good 192.0.2.7",
    "200 nochg 192.0.2.7",
  ],
  [
    "tvt-hold",
    { target: update, headers: tvt },
    [refused],
    "200 nohost (held 25000 ms)",
    "200 nohost",
  ],
  [
    "tvt-dyndns-hold",
    { target: update, headers: { "user-agent": "tvt-dvr-1.0" } },
    { kind: "bad-credentials" },
    "401 badauth (held 25000 ms)",
    "401 badauth",
  ],
  [
    "tomato-911",
    { target: update, headers: tomato },
    [with911],
    "200 good",
    "200 good 2001:db8::911",
  ],
];

/** A rule that has the dialect, at a path of its own, so that one request can show a quirk that goes by the path. */
const atDns: UpdateRule = {
  id: "at-dns",
  match: { methods: ["GET"], paths: ["/dns"] },
  operation: "update",
  mapping: { hosts: ["hostname"], addresses: [], offline: [], credential: [{ kind: "basic" }] },
  dialect: "dyndns",
};

describe("a client with a quirk is answered as it needs, and everybody else as always", () => {
  for (const [id, asked, outcome, theirs, others] of cases) {
    test(id, () => {
      const table = [atDns, ...rules];
      expect(print(ask(asked, outcome, table))).toBe(theirs);
      const plain =
        asked.headers === undefined
          ? { target: update } // what makes it known is in the target
          : { target: asked.target };
      expect(print(ask(plain, outcome, table))).toBe(others);
    });
  }

  test("the first host of a list comes twice for Java", () => {
    const hosts = (headers: Record<string, string>): readonly string[] => {
      const { body } = ask({ target: "/client/domlook", headers }, [changed]);
      return [...body.matchAll(/<url>(.*?)<\/url>/g)].map((match) => match[1]!);
    };
    expect(hosts({ "user-agent": "Java/1.8.0_202" })).toEqual(["a.test", "a.test", "b.test"]);
    expect(hosts({})).toEqual(["a.test", "b.test"]);
  });

  test("every quirk is shown here", () => {
    const shown = new Set([...cases.map(([id]) => id), "java-list"]);
    expect([...shown].toSorted()).toEqual(quirks.map(({ id }) => id).toSorted());
    for (const { client, reason } of quirks) {
      expect(client).toMatch(/\((?:seen|source|doc)\)$/);
      expect(reason).not.toBe("");
    }
    const ids = new Set(rules.map(({ id }) => id));
    for (const { when } of quirks) for (const id of when.rules ?? []) expect(ids).toContain(id);
  });
});

describe("a status that says what the word says", () => {
  const cases: readonly (readonly [UpdateOutcome | readonly HostOutcome[], string])[] = [
    [[changed], "200 good 192.0.2.7"],
    [[unchanged], "200 nochg 192.0.2.7"],
    [[refused], "404 nohost"],
    [[{ kind: "not-a-full-name" }], "400 notfqdn"],
    [[{ kind: "bad-address" }], "400 dnserr"],
    [[{ kind: "blocked" }], "403 abuse"],
    [[changed, refused], "404 good 192.0.2.7\nnohost"],
    [{ kind: "too-many-hosts" }, "400 numhost"],
    [{ kind: "bad-credentials" }, "401 badauth"],
    [{ kind: "no-credentials" }, "401 badauth"],
    [{ kind: "try-later" }, "503 dnserr"],
  ];
  for (const [outcome, expected] of cases) {
    test(expected, () =>
      expect(print(ask({ target: update, headers: opnsense }, outcome))).toBe(expected),
    );
  }

  test("Go programs that are not ddns-go read the word", () => {
    const headers = { "user-agent": "Go-http-client/2.0" };
    expect(print(ask({ target: update, headers }, [refused]))).toBe("200 nohost");
  });

  test("no other dialect knows it", () => {
    const target = "/nic/update/default.aspx?hostname=a.test";
    expect(print(ask({ target, headers: opnsense }, [refused]))).toBe("200 nohost");
  });
});

describe("what is held", () => {
  test("is never a success", () => {
    for (const outcome of [[changed], [unchanged], [changed, unchanged]]) {
      expect(ask({ target: update, headers: tvt }, outcome).holdMs).toBeUndefined();
    }
  });

  test("is every refusal, of one host of several too, and every trouble", () => {
    for (const outcome of [[refused], [changed, { kind: "blocked" } as const]]) {
      expect(ask({ target: update, headers: tvt }, outcome).holdMs).toBe(25_000);
    }
    for (const kind of ["bad-credentials", "no-credentials", "try-later"] as const) {
      expect(ask({ target: update, headers: tvt }, { kind }).holdMs).toBe(25_000);
    }
  });
});

test("inadyn, which ends at any status but 200, 401, 403 and 5xx, is told 503 when we are in trouble", () => {
  const headers = { "user-agent": "inadyn/2.10.0 https://github.com/troglobit/inadyn/issues" };
  const later: UpdateOutcome = { kind: "try-later" };
  expect(print(ask({ target: update, headers }, later))).toBe("503 dnserr");
  const dialects = Object.keys(updateDialects) as (keyof typeof updateDialects)[];
  expect(dialects.length).toBeGreaterThanOrEqual(2);
  for (const dialect of dialects) {
    const rule: Rule = { ...atDns, dialect };
    expect({ dialect, status: ask({ target: "/dns", headers }, later, [rule]).status }).toEqual({
      dialect,
      status: 503,
    });
  }
});
