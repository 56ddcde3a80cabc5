/**
 * `npm run bench:rules`: what an update through the last of 100 rules costs against one through the first. Within this
 * process, from the request as a value to the reply as a value; the service behind the rules answers at once.
 */

import { makeAdapter } from "../src/adapters/answer.ts";
import type { Adapter } from "../src/adapters/answer.ts";
import type { DeviceRequest } from "../src/adapters/device-request.ts";
import type { Match, UpdateRule } from "../src/adapters/rule.ts";
import type { Service } from "../src/adapters/update-service.ts";
import { parseAddress } from "../src/base/address.ts";
import type { HostName } from "../src/core/host-name.ts";
import type { UpdateOutcome } from "../src/core/update.ts";
import { median, printTable } from "./print-table.ts";

const rulesCount = 100;
const rounds = 21;
const requestsPerRound = 20_000;

const outcome: UpdateOutcome = {
  kind: "hosts",
  hosts: [
    {
      kind: "changed",
      name: "cam1.dyn.test" as HostName,
      addresses: ["192.0.2.7"],
      before: { v4: undefined, v6: undefined },
    },
  ],
};

const service: Service = {
  takeUpdate: () => outcome,
  checkCredential: () => "ok",
  listHosts: () => ({ kind: "hosts", hosts: [] }),
  register: () => ({ kind: "not-open" }),
  note: () => {},
};

/** How 100 rules can lie beside each other: what the one with this number asks for, and a path that it fits. */
interface Layout {
  readonly title: string;
  match(number: number): Pick<Match, "paths" | "keys">;
  target(number: number): string;
}

/** Of the same length for every number. */
function two(number: number): string {
  return String(number).padStart(2, "0");
}

const layouts: readonly Layout[] = [
  {
    title: "each at a path of its own",
    match: (number) => ({ paths: [`/vendor${two(number)}/update`] }),
    target: (number) => `/vendor${two(number)}/update?k=1`,
  },
  {
    title: "ten to a path, told apart by a key",
    match: (number) => ({ paths: [`/vendor${number % 10}/update`], keys: [`k${two(number)}`] }),
    target: (number) => `/vendor${number % 10}/update?k${two(number)}=1`,
  },
  {
    title: "with a segment of the path as token",
    match: (number) => ({ paths: [`/vendor${two(number)}/{token}`] }),
    target: (number) => `/vendor${two(number)}/aBcDeF?k=1`,
  },
  {
    title: "all at one path (nobody has this)",
    match: (number) => ({ paths: ["/update"], keys: [`k${two(number)}`] }),
    target: (number) => `/update?k${two(number)}=1`,
  },
];

function makeRule(layout: Layout, number: number): UpdateRule {
  return {
    id: `rule-${number}`,
    match: { methods: ["GET"], ...layout.match(number) },
    operation: "update",
    mapping: {
      hosts: ["hostname"],
      addresses: ["myip", "myipv6"],
      offline: ["offline"],
      credential: [{ kind: "basic" }],
    },
    dialect: "dyndns",
  };
}

function makeRequest(layout: Layout, number: number): DeviceRequest {
  return {
    method: "GET",
    target: `${layout.target(number)}&hostname=cam1.dyn.test&myip=192.0.2.7`,
    version: "HTTP/1.1",
    headers: new Map([
      ["host", "members.dyn.test"],
      ["authorization", `Basic ${btoa("cam1:secret")}`],
      ["user-agent", "inadyn/2.10.0"],
    ]),
    body: "",
    peer: parseAddress("198.51.100.9")!,
    isTls: false,
    port: 80,
  };
}

function measureNanos(adapter: Adapter, request: DeviceRequest): number {
  const start = Bun.nanoseconds();
  for (let count = 0; count < requestsPerRound; count++) {
    const reply = adapter(request);
    if (reply instanceof Promise || reply.body !== "good 192.0.2.7") {
      throw new Error("The rule did not answer");
    }
  }
  return (Bun.nanoseconds() - start) / requestsPerRound;
}

const lines = layouts.map((layout) => {
  const numbers = Array.from({ length: rulesCount }, (_, number) => number);
  const adapter = makeAdapter(
    service,
    numbers.map((number) => makeRule(layout, number)),
  );
  const first = makeRequest(layout, 0);
  const last = makeRequest(layout, rulesCount - 1);
  measureNanos(adapter, first); // the compiler has seen both
  measureNanos(adapter, last);
  // In turn, so that what disturbs the machine disturbs both.
  const pairs = Array.from({ length: rounds }, () => [
    measureNanos(adapter, first),
    measureNanos(adapter, last),
  ]);
  return [
    layout.title,
    median(pairs.map(([one]) => one!)).toFixed(0),
    median(pairs.map(([, other]) => other!)).toFixed(0),
    median(pairs.map(([one, other]) => other! / one!)).toFixed(2),
  ];
});
console.log(
  printTable([`${rulesCount} rules`, "ns through the first", "the last", "ratio"], lines, 1),
);
