/** Delegations as the net shows them: Knot as the parent, NSD and Knot as name servers, Unbound as the resolver. */

import { afterAll, beforeAll, describe, expect } from "bun:test";
import { checkDelegation } from "../../src/asking/check-delegation.ts";
import type { DnsServer } from "../../src/asking/ask-dns.ts";
import type { Delegation, DelegationRow, ZoneHere } from "../../src/asking/delegation.ts";
import { parseAddress } from "../../src/base/address.ts";
import { makeDs, makeDnskey } from "../../src/dns/key-records.ts";
import { printRdata, types } from "../../src/dns/record-types.ts";
import { testWith, tool } from "../debian.ts";
import type { Server } from "../dns/client.ts";
import { startPeer } from "../dns/peer-server.ts";
import type { Peer } from "../dns/peer-server.ts";
import { mustParseName } from "../dns/served-zone.ts";
import { startResolver } from "../dnssec/online-resolvers.ts";
import type { Resolver } from "../dnssec/online-resolvers.ts";

const tools = ["knotd", "nsd", "unbound"] as const;
const timeoutMs = 60_000;

const dnskey = makeDnskey(new Uint8Array(64).fill(7));
const otherKey = makeDnskey(new Uint8Array(64).fill(9));
const dsOf = (apex: string, key = dnskey): Uint8Array => makeDs(mustParseName(apex), key);
const dsText = (apex: string, key = dnskey): string => printRdata(types.DS, dsOf(apex, key));

/** What the parent says of each child. */
const parentZone = `$TTL 300
@ SOA ns.test. hostmaster.test. 1 3600 600 86400 60
@ NS ns.test.
ns A 192.0.2.1
$ORIGIN good.test.
@ NS ns1
@ NS ns2
ns1 A 192.0.2.11
ns1 AAAA 2001:db8::11
ns2 A 192.0.2.12
$ORIGIN old.test.
@ NS ns1
@ NS ns9.elsewhere.test.
ns1 A 192.0.2.99
$ORIGIN noglue.test.
@ NS ns1
$ORIGIN signed.test.
@ NS ns1
ns1 A 192.0.2.11
@ DS ${dsText("signed.test.")}
$ORIGIN wrongds.test.
@ NS ns1
ns1 A 192.0.2.11
@ DS ${dsText("wrongds.test.", otherKey)}
`;

const childZone = (serial: number): string => `$TTL 300
@ SOA ns1 hostmaster ${serial} 3600 600 86400 60
@ NS ns1
@ NS ns2
ns1 A 192.0.2.11
ns2 A 192.0.2.12
`;
const children = ["good.test", "old.test", "noglue.test", "signed.test", "wrongds.test"];
const zonesOf = (serial: number): Record<string, string> =>
  Object.fromEntries(children.map((apex) => [apex, childZone(serial)]));

let parent: Peer;
let current: Peer;
let behind: Peer;
let resolver: Resolver;
let udpOnly: Relay;
/** Where the addresses that the zones name are in truth. */
let places: Readonly<Record<string, Server>>;

beforeAll(async () => {
  if (tools.some((name) => tool(name) === undefined)) return;
  [parent, current, behind] = await Promise.all([
    startPeer("knotd", { test: parentZone }),
    startPeer("nsd", zonesOf(7)),
    startPeer("knotd", zonesOf(5)),
  ]);
  resolver = await startResolver("unbound", {
    server: parent.address,
    apexes: ["test"],
    anchors: [],
  });
  udpOnly = await openRelay(current.address);
  places = {
    "192.0.2.1": parent.address,
    "192.0.2.11": current.address,
    "2001:db8::11": current.address,
    "192.0.2.12": current.address,
    "192.0.2.13": behind.address,
    "192.0.2.14": parent.address,
    "192.0.2.15": udpOnly.address,
    "192.0.2.16": { hostname: "127.0.0.1", port: 1 },
  };
}, timeoutMs);
afterAll(async () => {
  for (const each of [udpOnly, resolver, behind, current, parent])
    await each?.[Symbol.asyncDispose]();
});

interface Relay extends AsyncDisposable {
  readonly address: Server;
}

/** Hands datagrams on and back; over TCP nothing listens there. */
async function openRelay(to: Server): Promise<Relay> {
  const clients = new Map<number, { readonly port: number; readonly address: string }>();
  const behindIt = await Bun.udpSocket({
    hostname: "127.0.0.1",
    connect: to,
    socket: {
      data(_, datagram) {
        const client = clients.get(datagram.readUInt16BE(0));
        if (client !== undefined) before.send(datagram, client.port, client.address);
      },
    },
  });
  const before = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: {
      data(_, datagram, port, address) {
        clients.set(datagram.readUInt16BE(0), { port, address });
        behindIt.send(datagram);
      },
    },
  });
  return {
    address: { hostname: "127.0.0.1", port: before.port },
    async [Symbol.asyncDispose]() {
      before.close();
      behindIt.close();
    },
  };
}

interface Given {
  readonly servers?: Readonly<Record<string, readonly string[] | undefined>>;
  readonly ds?: readonly Uint8Array[];
  readonly dsOfKeys?: readonly Uint8Array[];
  readonly serial?: number;
}

async function check(apex: string, given: Given = {}): Promise<Delegation> {
  const { servers = { [`ns1.${apex}`]: ["192.0.2.11"] }, ds = [], serial = 7 } = given;
  const zone: ZoneHere = {
    apex: mustParseName(`${apex}.`),
    nameServers: Object.entries(servers).map(([name, addresses]) => ({
      name: mustParseName(`${name}.`),
      addresses: addresses?.map((text) => parseAddress(text)!),
    })),
    ds,
    dsOfKeys: given.dsOfKeys ?? ds,
    serial: () => serial,
  };
  const { hostname, port } = resolver.address;
  return checkDelegation(zone, {
    resolvers: [{ address: parseAddress(hostname)!, port }],
    serverAt: ({ text }): DnsServer | undefined => places[text],
  });
}

const rowsOf = ({ rows }: Delegation, role: DelegationRow["role"]): readonly string[] =>
  rows
    .filter((row) => row.role === role)
    .map(({ server, address, transport, finding }) => {
      const sign = finding.isGood === undefined ? "?" : finding.isGood ? "✓" : "✗";
      return `${sign} ${server} ${address?.text ?? "–"} ${transport}: ${finding.says}`;
    });

const both = (row: string): readonly string[] =>
  ["udp", "tcp"].map((transport) => row.replace("UDP", transport));

const goodServers = {
  "ns1.good.test": ["192.0.2.11", "2001:db8::11"],
  "ns2.good.test": ["192.0.2.12"],
};

testWith(
  tools,
  "a delegation that is right is good in every row, and the lines for the registrar are those the parent has",
  async () => {
    const found = await check("good.test", { servers: goodServers });
    expect(found.fault).toBeUndefined();
    expect(found.parent?.toString()).toBe("test.");
    expect(found.wanted).toEqual({
      ns: ["good.test. IN NS ns1.good.test.", "good.test. IN NS ns2.good.test."],
      glue: [
        "ns1.good.test. IN A 192.0.2.11",
        "ns1.good.test. IN AAAA 2001:db8::11",
        "ns2.good.test. IN A 192.0.2.12",
      ],
      ds: [],
      withoutAddress: [],
    });
    expect(rowsOf(found, "parent")).toEqual([
      ...both("✓ ns.test 192.0.2.1 UDP: It names ns1.good.test, ns2.good.test."),
    ]);
    const says = "It answers with authority, serial 7.";
    expect(rowsOf(found, "own")).toEqual([
      ...both(`✓ ns1.good.test 192.0.2.11 UDP: ${says}`),
      ...both(`✓ ns1.good.test 2001:db8::11 UDP: ${says}`),
      ...both(`✓ ns2.good.test 192.0.2.12 UDP: ${says}`),
    ]);
  },
  timeoutMs,
);

describe("what is wrong at the parent", () => {
  const at = "✗ ns.test 192.0.2.1 UDP:";
  const cases: readonly (readonly [string, string, Given, string])[] = [
    ["no delegation", "missing.test", {}, "It does not know missing.test yet."],
    ["no glue", "noglue.test", {}, "It lacks the address 192.0.2.11 of ns1.noglue.test (glue)."],
    [
      "old names and addresses",
      "old.test",
      { servers: { "ns1.old.test": ["192.0.2.11"], "ns2.old.test": ["192.0.2.12"] } },
      "It does not name ns2.old.test. It names ns9.elsewhere.test, which is no name server of the zone. " +
        "It lacks the address 192.0.2.11 of ns1.old.test (glue). " +
        "It has the address 192.0.2.99 for ns1.old.test (glue), which the zone has not.",
    ],
    [
      "no DS",
      "noglue.test",
      { servers: { "ns1.noglue.test": [] }, ds: [dsOf("noglue.test.")] },
      `It has no DS ${dsText("noglue.test.")}.`,
    ],
    [
      "a DS of a key that the zone has not",
      "wrongds.test",
      { ds: [dsOf("wrongds.test.")] },
      `It has no DS ${dsText("wrongds.test.")}. It has DS ${dsText("wrongds.test.", otherKey)}, which names no key of the zone.`,
    ],
    [
      "a DS of a zone that is not signed",
      "signed.test",
      {},
      `It has DS ${dsText("signed.test.")}, and the zone is not signed: resolvers that validate refuse it.`,
    ],
    [
      "a DS that is to go",
      "signed.test",
      { dsOfKeys: [dsOf("signed.test.")] },
      `It still has DS ${dsText("signed.test.")}, which is to go.`,
    ],
  ];
  for (const [title, apex, given, says] of cases) {
    testWith(
      tools,
      title,
      async () =>
        expect(rowsOf(await check(apex, given), "parent")).toEqual([...both(`${at} ${says}`)]),
      timeoutMs,
    );
  }

  testWith(
    tools,
    "and nothing is, where the DS is there",
    async () => {
      const found = await check("signed.test", { ds: [dsOf("signed.test.")] });
      const says = "It names ns1.signed.test, with the DS of the zone.";
      expect(rowsOf(found, "parent")).toEqual([...both(`✓ ns.test 192.0.2.1 UDP: ${says}`)]);
    },
    timeoutMs,
  );
});

describe("what is wrong with a name server", () => {
  const name = "ns1.good.test";
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      "an older zone",
      "192.0.2.13",
      both(`✗ ${name} 192.0.2.13 UDP: It has an older zone: serial 5, and here it is 7.`),
    ],
    [
      "lame: it serves another zone",
      "192.0.2.14",
      both(`✗ ${name} 192.0.2.14 UDP: It answers without authority: it does not serve good.test.`),
    ],
    [
      "closed over TCP",
      "192.0.2.15",
      [
        `✓ ${name} 192.0.2.15 udp: It answers with authority, serial 7.`,
        `✗ ${name} 192.0.2.15 tcp: Nothing listens on port 53/tcp.`,
      ],
    ],
    [
      "nothing there",
      "192.0.2.16",
      [
        `✗ ${name} 192.0.2.16 udp: Nothing listens on port 53/udp.`,
        `✗ ${name} 192.0.2.16 tcp: Nothing listens on port 53/tcp.`,
      ],
    ],
    [
      "an address that must not be asked",
      "192.168.1.1",
      [
        `✗ ${name} 192.168.1.1 udp: 192.168.1.1 is an address of a local network: the world cannot reach it.`,
      ],
    ],
  ];
  for (const [title, address, rows] of cases) {
    testWith(
      tools,
      title,
      async () => {
        const found = await check("good.test", { servers: { [name]: [address] } });
        expect(rowsOf(found, "own")).toEqual([...rows]);
      },
      timeoutMs,
    );
  }

  testWith(
    tools,
    "a newer zone than here, and no address at all",
    async () => {
      const newer = await check("good.test", { serial: 3 });
      expect(rowsOf(newer, "own")[0]).toEndWith("It has another zone: serial 7, and here it is 3.");
      const nowhere = await check("good.test", { servers: { [name]: [] } });
      expect(nowhere.wanted.withoutAddress).toEqual([name]);
      expect(rowsOf(nowhere, "own")).toEqual([
        `✗ ${name} – udp: It has no address that anybody could find. Give it one in its zone.`,
      ]);
    },
    timeoutMs,
  );

  testWith(
    tools,
    "the address of a name server outside the zone is asked of the resolvers",
    async () => {
      const found = await check("good.test", { servers: { "ns.test": undefined } });
      expect(found.wanted.glue).toEqual([]);
      expect(rowsOf(found, "own")).toEqual([
        ...both(
          "✗ ns.test 192.0.2.1 UDP: It answers without authority: it does not serve good.test.",
        ),
      ]);
    },
    timeoutMs,
  );
});

testWith(
  tools,
  "without a resolver nobody is asked for the parent, and the zone's own servers are",
  async () => {
    const zone: ZoneHere = {
      apex: mustParseName("good.test."),
      nameServers: [
        { name: mustParseName("ns1.good.test."), addresses: [parseAddress("192.0.2.11")!] },
      ],
      ds: [],
      dsOfKeys: [],
      serial: () => 7,
    };
    const found = await checkDelegation(zone, {
      resolvers: [],
      serverAt: ({ text }) => places[text],
    });
    expect(found.parent).toBeUndefined();
    expect(found.fault).toContain("the setting resolvers");
    expect(rowsOf(found, "own")).toHaveLength(2);
    expect(found.rows.every(({ finding }) => finding.isGood)).toBe(true);
  },
  timeoutMs,
);

testWith(
  tools,
  "a resolver says whether it finds the zone",
  async () => {
    const apex = "test";
    const found = await check(apex, { servers: { "ns.test": ["192.0.2.1"] }, serial: 1 });
    expect(
      found.rows.filter(({ role }) => role === "resolver").map(({ finding }) => finding),
    ).toEqual([{ isGood: true, says: "It finds the zone, serial 1." }]);
    const missing = await check("missing.test");
    expect(
      missing.rows.filter(({ role }) => role === "resolver").map(({ finding }) => finding),
    ).toEqual([{ isGood: false, says: "It does not find the zone yet." }]);
  },
  timeoutMs,
);
