import { expect, test } from "bun:test";
import { parseReply } from "../../test/dns/reply.ts";
import { mustParseName } from "../../test/dns/served-zone.ts";
import { Directory } from "../core/directory.ts";
import { HostColumns } from "../core/host-columns.ts";
import type { HostName } from "../core/host-name.ts";
import { parseHostName } from "../core/host-name.ts";
import type { Host } from "../core/host.ts";
import type { ZoneRecord } from "../core/zone.ts";
import { makeQuery, writeMessage } from "../dns/message.ts";
import { parseRdataText, typeCode, types } from "../dns/record-types.ts";
import { ZoneReader } from "../zone/zone-reader.ts";
import { ZoneTable } from "../zone/zone-table.ts";
import { Publisher } from "./publish.ts";
import { Responder } from "./respond.ts";

const hostTtlSeconds = 60;

test("zones, records and hosts are answered as soon as they are told", () => {
  const { publisher, directory, ask } = start();
  expect(ask("cam.dyn.test.", types.A)).toBe("REFUSED");
  openZone(publisher, 1, "dyn.test", 5);
  expect(ask("dyn.test.", types.SOA)).toBe("5");
  expect(ask("cam.dyn.test.", types.A)).toBe("NXDOMAIN");
  publisher.apply({ kind: "host", id: 9, host: host(9, "cam.dyn.test") });
  expect(ask("cam.dyn.test.", types.A)).toBe("none");
  publisher.apply({ kind: "host", id: 9, host: { ...host(9, "cam.dyn.test"), v4: v4(7) } });
  expect(ask("cam.dyn.test.", types.A)).toBe("192.0.2.7");
  expect(ask("cam.dyn.test.", types.AAAA)).toBe("none");
  directory.hosts.setAddresses(9, { v4: v4(8), v6: undefined }, 1);
  publisher.publishHost(9);
  expect(ask("cam.dyn.test.", types.A)).toBe("192.0.2.8");
  publisher.apply({ kind: "host", id: 9, host: undefined });
  expect(ask("cam.dyn.test.", types.A)).toBe("NXDOMAIN");
});

test("facts that are told twice do no harm", () => {
  const { publisher, ask } = start();
  for (let times = 0; times < 2; times++) {
    openZone(publisher, 1, "dyn.test", 5);
    publisher.apply({ kind: "host", id: 9, host: { ...host(9, "cam.dyn.test"), v4: v4(7) } });
    expect(ask("cam.dyn.test.", types.A)).toBe("192.0.2.7");
    expect(ask("www.dyn.test.", types.A)).toBe("192.0.2.80");
  }
  publisher.apply({ kind: "host", id: 9, host: undefined });
  publisher.apply({ kind: "host", id: 9, host: undefined });
  publisher.apply({ kind: "zone", id: 1, zone: undefined });
  publisher.apply({ kind: "zone", id: 1, zone: undefined });
  expect(ask("dyn.test.", types.SOA)).toBe("REFUSED");
});

test("many hosts at once are published as each alone would be, told once or twice", () => {
  const { publisher, ask } = start();
  openZone(publisher, 1, "dyn.test", 5);
  const v6 = Uint8Array.from({ length: 16 }, (_, index) => index);
  const columns = HostColumns.make(3);
  const tell = (...hosts: readonly Host[]): void => {
    columns.clear();
    for (const each of hosts) columns.add(each);
    publisher.apply({ kind: "hosts", hosts: columns });
  };
  for (let times = 0; times < 2; times++) {
    tell(
      { ...host(1, "four.dyn.test"), v4: v4(7) },
      { ...host(2, "six.dyn.test"), v6 },
      host(3, "none.dyn.test"),
    );
    tell({ ...host(4, "both.dyn.test"), v4: v4(8), v6 });
    expect(ask("four.dyn.test.", types.A)).toBe("192.0.2.7");
    expect(ask("four.dyn.test.", types.AAAA)).toBe("none");
    expect(ask("six.dyn.test.", types.A)).toBe("none");
    expect(ask("six.dyn.test.", types.AAAA)).toBe(v6.join("."));
    expect(ask("none.dyn.test.", types.A)).toBe("none");
    expect(ask("both.dyn.test.", types.A)).toBe("192.0.2.8");
    expect(ask("both.dyn.test.", types.AAAA)).toBe(v6.join("."));
  }
  tell({ ...host(1, "other.dyn.test"), v4: v4(9) }, { ...host(5, "none.dyn.test"), v4: v4(3) });
  expect(ask("four.dyn.test.", types.A)).toBe("NXDOMAIN");
  expect(ask("other.dyn.test.", types.A)).toBe("192.0.2.9");
  expect(ask("none.dyn.test.", types.A)).toBe("192.0.2.3");
});

test("new records take the place of the old ones and leave hosts alone", () => {
  const { publisher, ask } = start();
  openZone(publisher, 1, "dyn.test", 5);
  publisher.apply({ kind: "host", id: 9, host: { ...host(9, "cam.dyn.test"), v4: v4(7) } });
  const records = zoneRecords("dyn.test", ["txt.dyn.test. TXT new"]);
  publisher.apply({ kind: "records", zone: 1, records });
  expect(ask("www.dyn.test.", types.A)).toBe("NXDOMAIN");
  expect(ask("txt.dyn.test.", types.TXT)).not.toBe("none");
  expect(ask("cam.dyn.test.", types.A)).toBe("192.0.2.7");
});

test("the serial of the zone is the SOA's, whatever the records say", () => {
  const { publisher, ask } = start();
  openZone(publisher, 1, "dyn.test", 4_000_000_000);
  expect(ask("dyn.test.", types.SOA)).toBe("4000000000");
  const zone = { id: 1, apex: name("dyn.test"), isPrivate: false, serial: 1 };
  publisher.apply({ kind: "zone", id: 1, zone });
  expect(ask("dyn.test.", types.SOA)).toBe("1");
  publisher.apply({ kind: "records", zone: 1, records: zoneRecords("dyn.test", []) });
  expect(ask("dyn.test.", types.SOA)).toBe("1");
});

test("a host that changes its name leaves the old one", () => {
  const { publisher, ask } = start();
  openZone(publisher, 1, "dyn.test", 5);
  publisher.apply({ kind: "host", id: 9, host: { ...host(9, "a.dyn.test"), v4: v4(1) } });
  publisher.apply({ kind: "host", id: 9, host: { ...host(9, "b.dyn.test"), v4: v4(1) } });
  expect(ask("a.dyn.test.", types.A)).toBe("NXDOMAIN");
  expect(ask("b.dyn.test.", types.A)).toBe("192.0.2.1");
});

test("a host whose zone is gone is not published, and that is no fault", () => {
  const { publisher, directory, ask } = start();
  openZone(publisher, 1, "dyn.test", 5);
  publisher.apply({ kind: "host", id: 9, host: { ...host(9, "cam.dyn.test"), v4: v4(7) } });
  publisher.apply({ kind: "zone", id: 1, zone: undefined });
  directory.hosts.setAddresses(9, { v4: v4(8), v6: undefined }, 1);
  publisher.publishHost(9);
  expect(ask("cam.dyn.test.", types.A)).toBe("REFUSED");
  publisher.apply({ kind: "host", id: 9, host: undefined });
  openZone(publisher, 2, "dyn.test", 5);
  expect(ask("cam.dyn.test.", types.A)).toBe("NXDOMAIN");
});

test("a zone opened inside another takes its hosts over, and gives them back", () => {
  const { publisher, directory, ask } = start();
  openZone(publisher, 1, "dyn.test", 5);
  publisher.apply({ kind: "host", id: 9, host: { ...host(9, "cam.sub.dyn.test"), v4: v4(7) } });
  openZone(publisher, 2, "sub.dyn.test", 6);
  expect(ask("cam.sub.dyn.test.", types.A)).toBe("192.0.2.7");
  directory.hosts.setAddresses(9, { v4: v4(8), v6: undefined }, 1);
  publisher.publishHost(9);
  expect(ask("cam.sub.dyn.test.", types.A)).toBe("192.0.2.8");
  publisher.apply({ kind: "zone", id: 2, zone: undefined });
  expect(ask("cam.sub.dyn.test.", types.A)).toBe("192.0.2.8");
});

test("the texts of a host are answered below it, and leave no name behind", () => {
  const { publisher, ask } = start();
  openZone(publisher, 1, "dyn.test", 5);
  publisher.apply({ kind: "host", id: 9, host: { ...host(9, "cam.dyn.test"), v4: v4(7) } });
  const at = "_acme-challenge.cam.dyn.test.";
  const text = (value: string): string =>
    [value.length, ...Buffer.from(value)].map(String).join(".");
  const tell = (...challenges: readonly string[]): void =>
    publisher.apply({ kind: "challenges", host: 9, challenges });
  expect(ask(at, types.TXT)).toBe("NXDOMAIN");
  for (let times = 0; times < 2; times++) tell("first");
  expect(ask(at, types.TXT)).toBe(text("first"));
  expect(ask(at, types.A)).toBe("none");
  const own = zoneRecords("dyn.test", [`${at} TXT "of the zone"`]);
  publisher.apply({ kind: "records", zone: 1, records: own });
  tell("second");
  expect(ask(at, types.TXT)).toBe(text("of the zone"));
  publisher.apply({ kind: "records", zone: 1, records: zoneRecords("dyn.test", []) });
  expect(ask(at, types.TXT)).toBe(text("second"));
  for (let times = 0; times < 2; times++) tell();
  expect(ask(at, types.TXT)).toBe("NXDOMAIN");
  expect(ask("cam.dyn.test.", types.A)).toBe("192.0.2.7");
});

test("the texts of a host follow its name, and end with it", () => {
  const { publisher, directory, ask } = start();
  openZone(publisher, 1, "dyn.test", 5);
  publisher.apply({ kind: "challenges", host: 9, challenges: ["early"] }); // no such host yet
  publisher.apply({ kind: "host", id: 9, host: host(9, "a.dyn.test") });
  expect(ask("_acme-challenge.a.dyn.test.", types.TXT)).toBe("NXDOMAIN");
  publisher.apply({ kind: "challenges", host: 9, challenges: ["v"] });
  publisher.apply({ kind: "host", id: 9, host: host(9, "b.dyn.test") });
  expect(ask("_acme-challenge.a.dyn.test.", types.TXT)).toBe("NXDOMAIN");
  expect(ask("_acme-challenge.b.dyn.test.", types.TXT)).toBe("1.118");
  publisher.apply({ kind: "host", id: 9, host: undefined });
  expect(ask("_acme-challenge.b.dyn.test.", types.TXT)).toBe("NXDOMAIN");
  expect(directory.challengesOf(9)).toEqual([]);
});

function start(): {
  publisher: Publisher;
  directory: Directory;
  ask: (owner: string, type: number) => string;
} {
  const table = new ZoneTable({ bytesMax: 1 << 20, hashSeed: 2 });
  const responder = new Responder(new ZoneReader(table.buffer, table.hashSeed, 0));
  const ask = (owner: string, type: number): string => {
    const query = writeMessage(makeQuery(mustParseName(owner), type, { id: 1 }));
    const reply = parseReply(
      responder.reply.slice(0, responder.respond(query, query.length, "udp")),
    );
    if (reply.rcode !== 0) return reply.rcode === 5 ? "REFUSED" : "NXDOMAIN";
    const rdata = reply.answer[0]?.rdata;
    if (rdata === undefined) return "none";
    return type === types.SOA ? String(rdata.readUInt32BE(rdata.length - 20)) : rdata.join(".");
  };
  const directory = new Directory(1);
  return {
    directory,
    publisher: new Publisher({
      table,
      directory,
      hostTtlSeconds,
      setKeys: () => undefined,
    }),
    ask,
  };
}

function openZone(publisher: Publisher, id: number, apex: string, serial: number): void {
  const zone = { id, apex: name(apex), isPrivate: false, serial };
  publisher.apply({ kind: "zone", id, zone });
  const records = zoneRecords(apex, [`www.${apex}. A 192.0.2.80`]);
  publisher.apply({ kind: "records", zone: id, records });
}

function zoneRecords(apex: string, lines: readonly string[]): readonly ZoneRecord[] {
  const soa = `${apex}. SOA ns.${apex}. hostmaster.${apex}. 3 3600 600 86400 60`;
  return [soa, `${apex}. NS ns.${apex}.`, ...lines].map((line) => {
    const [owner = "", typeText = "", ...rdata] = line.split(" ");
    const type = typeCode(typeText)!;
    const parsed = parseRdataText(type, rdata.join(" "));
    if (!("rdata" in parsed)) throw new Error(`Not RDATA: ${line}`);
    return { owner, type, ttlSeconds: 300, rdata: parsed.rdata };
  });
}

function host(id: number, hostName: string): Host {
  return {
    id,
    zone: 1,
    user: 1,
    name: name(hostName),
    isBlocked: false,
    isFixed: false,
    createdAtMs: 0,
    changedAtMs: undefined,
    v4: undefined,
    v6: undefined,
  };
}

function name(text: string): HostName {
  return parseHostName(text)!;
}

function v4(last: number): Uint8Array {
  return Uint8Array.of(192, 0, 2, last);
}
