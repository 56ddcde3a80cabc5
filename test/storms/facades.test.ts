/**
 * What is no update rule but leads to hosts all the same: facades, lists, talks, signing up. Each is asked with a
 * credential of one user for a host of another: the host stays as it is, and nothing of it is told.
 */

import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rules } from "../../src/adapters/rules.ts";
import { printRdata } from "../../src/dns/record-types.ts";
import { makeWorld } from "../adapters/world.ts";
import type { World } from "../adapters/world.ts";
import { RawPeer, until } from "../fixtures/devices/raw-peer.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { exchangeOctets } from "../scenario/http-exchange.ts";
import { mustRun } from "../server.ts";
import type { TestServer } from "../server.ts";

setDefaultTimeout(120_000);

const zone = "example.test";
/** What nobody but bob may be told. */
const address = "192.0.2.250";
const moved = "192.0.2.66";
const text = "A".repeat(43);

interface Who {
  readonly username: string;
  readonly password: string;
}
const alice: Who = { username: "cam", password: "secret" };
const bob: Who = { username: "bobscam", password: "foreignsecret" };

let world: World;
let server: TestServer;
beforeAll(async () => {
  world = await makeWorld();
  server = await world.start(["gnudip", "ods", "meibu"].map((name) => `--${name}=127.0.0.1:0`));
  await mustRun(
    [
      "login",
      "add",
      "--user",
      "bob",
      "--hosts",
      `foreign.${zone}`,
      "--username",
      bob.username,
    ].concat(["--password-stdin", "--accepts", "token,sha1,md5,gnudip"]),
    { data: server.data, stdin: bob.password },
  );
  await restore();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** The host has its address and no text; a running server hears of the login a moment later. */
async function restore(): Promise<void> {
  for (let tries = 0; ; tries++) {
    const reply = await http(
      "GET",
      `/nic/update?hostname=foreign.${zone}&myip=${address}`,
      basic(bob),
    );
    if (/good|nochg/.test(reply)) break;
    expect(tries).toBeLessThan(200);
    await Bun.sleep(20);
  }
  const body = JSON.stringify({ fqdn: `_acme-challenge.foreign.${zone}.`, value: text });
  expect(await http("POST", "/cleanup", basic(bob), body)).toContain(" 200 ");
}

async function http(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): Promise<string> {
  const all = { Host: "127.0.0.1", ...headers, ...(body && { "Content-Length": body.length }) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const octets = `${method} ${target} HTTP/1.0\r\n${lines.join("")}\r\n${body}`;
  return exchangeOctets(server.devices, octets, true);
}

const basic = ({ username, password }: Who) => ({
  Authorization: `Basic ${btoa(`${username}:${password}`)}`,
});
const keyOf = ({ username, password }: Who) => ({ "X-Api-User": username, "X-Api-Key": password });
const bearer = ({ password }: Who) => ({ Authorization: `Bearer ${password}` });
const md5 = (value: string): string => createHash("md5").update(value).digest("hex");

async function lookAt(name: string): Promise<string> {
  const said: string[] = [];
  for (const [owner, type] of [
    [name, "A"],
    [name, "AAAA"],
    [`_acme-challenge.${name}`, "TXT"],
  ] as const) {
    const { answers } = await ask(server.dns, "udp", owner, type);
    said.push(...answers.map((each) => printRdata(each.type, each.rdata)).toSorted(), ";");
  }
  return said.join(" ");
}

async function talk(
  listener: string,
  say: (greeting: string) => string,
  line = "",
): Promise<string> {
  const peer = await RawPeer.connect(server.listeners.get(listener)!.port);
  await until(() => peer.text.endsWith("\n"), "the greeting");
  peer.send(say(peer.text.trim()) + line);
  await peer.ended();
  peer.close();
  return peer.text;
}

/** The ids of Cloudflare's records are the same for everybody who may see them: bob tells alice his. */
async function cloudflareIds(): Promise<{ zone: string; record: string }> {
  const idIn = (reply: string) => /"id":\s*"(\w{32})"/.exec(reply)![1]!;
  const zones = await http("GET", `/client/v4/zones?name=${zone}`, bearer(bob));
  const id = idIn(zones);
  const path = `/client/v4/zones/${id}/dns_records?name=foreign.${zone}&type=A`;
  return { zone: id, record: idIn(await http("GET", path, bearer(bob))) };
}

async function cloudflare(who: Who, method: string, path: string, body?: object): Promise<string> {
  const ids = await cloudflareIds();
  const target = `/client/v4/zones/${ids.zone}/dns_records${path.replace("ID", ids.record)}`;
  return http(method, target, bearer(who), body === undefined ? "" : JSON.stringify(body));
}

async function gnudipHttp({ username, password }: Who, domn: string): Promise<string> {
  const script = "/gnudip/cgi-bin/gdipupdt.cgi";
  const challenge = await http("GET", script);
  const of = (name: string) => new RegExp(`name="${name}" content="([^"]*)"`).exec(challenge)![1]!;
  const [salt, time, sign] = [of("salt"), of("time"), of("sign")];
  const pass = md5(`${md5(password)}.${salt}`);
  const fields = { salt, time, sign, user: username, pass, domn, reqc: "0", addr: moved };
  return http("GET", `${script}?${new URLSearchParams(fields).toString()}`);
}

interface Way {
  /** The rules it goes by, and talks by their listener. */
  readonly of: readonly string[];
  readonly title: string;
  /** Asks to change the host; gives all that was told. */
  change(who: Who, host: string): Promise<string>;
}

const foreign = `foreign.${zone}`;
const record = { type: "A", name: foreign, content: moved, ttl: 60 };
const challenge = (host: string) =>
  JSON.stringify({ fqdn: `_acme-challenge.${host}.`, value: text });

const ways: readonly Way[] = [
  {
    of: ["cloudflare"],
    title: "Cloudflare, PUT of a record by its id",
    change: (who) => cloudflare(who, "PUT", "/ID", record),
  },
  {
    of: ["cloudflare"],
    title: "Cloudflare, PATCH of a record by its id",
    change: (who) => cloudflare(who, "PATCH", "/ID", { content: moved }),
  },
  {
    of: ["cloudflare"],
    title: "Cloudflare, DELETE of a record by its id",
    change: (who) => cloudflare(who, "DELETE", "/ID"),
  },
  {
    of: ["cloudflare"],
    title: "Cloudflare, a new record",
    change: (who) =>
      cloudflare(who, "POST", "", { ...record, type: "AAAA", content: "2001:db8::66" }),
  },
  {
    of: ["acme-dns-update"],
    title: "acme-dns",
    change: (who, host) =>
      http("POST", "/update", keyOf(who), JSON.stringify({ subdomain: host, txt: text })),
  },
  {
    of: ["httpreq-present", "httpreq-cleanup"],
    title: "lego's httpreq",
    change: (who, host) => http("POST", "/present", basic(who), challenge(host)),
  },
  { of: ["gnudip-http"], title: "GnuDIP over HTTP", change: gnudipHttp },
  {
    of: ["dnsexit2"],
    title: "DNSExit's documents",
    change: ({ password }, host) =>
      http(
        "POST",
        "/dns/",
        { "Content-Type": "application/json" },
        JSON.stringify({
          apikey: password,
          domain: zone,
          update: [{ type: "A", name: host.split(".")[0], content: moved, ttl: 5 }],
        }),
      ),
  },
  {
    of: ["gnudip"],
    title: "GnuDIP over TCP",
    change: ({ username, password }, host) =>
      talk(
        "gnudip",
        (salt) => `${username}:${md5(`${md5(password)}.${salt}`)}:${host}:0:${moved}\n`,
      ),
  },
  {
    of: ["ods"],
    title: "ODS",
    change: ({ username, password }, host) =>
      talk(
        "ods",
        () =>
          `LOGIN ${username} ${password}\r\nDELRR ${host} A\r\nADDRR ${host} A ${moved}\r\nQUIT\r\n`,
      ),
  },
];

describe("another's host stays as it is, and nothing of it is told", () => {
  for (const { title, change } of ways) {
    test(title, async () => {
      await restore();
      const before = await lookAt(foreign);
      expect(before).toContain(address);
      const told = await change(alice, foreign);
      expect(await lookAt(foreign)).toBe(before);
      expect(told).not.toContain(address);
      expect(told).not.toContain("bob");
    });
  }
});

describe("control: its owner changes it by the same", () => {
  for (const { title, change } of ways) {
    test(title, async () => {
      await restore();
      const before = await lookAt(foreign);
      await change(bob, foreign);
      expect(await lookAt(foreign)).not.toBe(before);
    });
  }
});

describe("what lists hosts lists the own ones", () => {
  const lists: readonly (readonly [string, (who: Who) => Promise<string>])[] = [
    ["mint-xml", (who) => http("GET", "/client/domlook.aspx", basic(who))],
    [
      "freedns-list",
      ({ username, password }) => {
        const sha = createHash("sha1").update(`${username}|${password}`).digest("hex");
        return http("GET", `/api/?action=getdyndns&sha=${sha}`);
      },
    ],
    ["cloudflare", (who) => http("GET", "/client/v4/zones", bearer(who))],
    ["cloudflare", (who) => cloudflare(who, "GET", "")],
    ["cloudflare", (who) => cloudflare(who, "GET", `?name=${foreign}`)],
    ["cloudflare", (who) => cloudflare(who, "GET", "/ID")],
  ];
  for (const [index, [title, list]] of lists.entries()) {
    test(`${title}, ${index + 1}`, async () => {
      await restore();
      const told = await list(alice);
      expect(told).not.toContain("foreign");
      expect(told).not.toContain(address);
      // Its owner is told, so that there was something to tell.
      expect(await list(bob)).toMatch(/foreign|example\.test/);
    });
  }
});

test("who signs up by a key takes no name that has another key, and no host of a person", async () => {
  const key = (letter: string) => `${letter.repeat(22)}==`;
  const add = (by: string, name: string) =>
    http("GET", `/add.aspx?mac=${key(by)}&dm=${name}&dcod=12&oemid=456&myip=${moved}`);
  const rec = "rec1.auto.test";
  expect(await add("a", rec)).toEndWith("910");
  const before = await lookAt(rec);
  expect(await add("b", rec)).toEndWith("907");
  for (const path of ["update.aspx", "remove.aspx"])
    await http("GET", `/${path}?mac=${key("b")}&dm=${rec}&myip=192.0.2.67`);
  expect(await lookAt(rec)).toBe(before);
  const ofBob = await lookAt(foreign);
  expect(await add("a", foreign)).not.toEndWith("910");
  expect(await lookAt(foreign)).toBe(ofBob);
  // Control: the key that has it moves it and gives it up.
  await http("GET", `/update.aspx?mac=${key("a")}&myip=192.0.2.68`);
  expect(await lookAt(rec)).not.toBe(before);
  await http("GET", `/remove.aspx?mac=${key("a")}`);
  expect(await lookAt(rec)).toBe("; ; ;");
});

test("a datagram of Meibu names no host: it moves the one of its login", async () => {
  await restore();
  const before = await lookAt(foreign);
  const answered = Promise.withResolvers<string>();
  const socket = await Bun.udpSocket({
    connect: { hostname: "127.0.0.1", port: server.listeners.get("meibu")!.port },
    socket: { data: (_, octets) => answered.resolve(octets.toString("latin1")) },
  });
  socket.send("meibudd08one&&&only1&&&");
  expect(await answered.promise).toBe("dengluok");
  expect(await lookAt(foreign)).toBe(before);
  expect(await lookAt(`nas.${zone}`)).toContain("127.0.0.1");
  socket.send(`meibudd08${bob.username}&&&${bob.password}&&&`);
  for (let tries = 0; tries < 200 && (await lookAt(foreign)) === before; tries++)
    await Bun.sleep(20);
  socket.close();
  expect(await lookAt(foreign)).not.toBe(before); // control
});

test("every facade and every list is in one of these", () => {
  const wanted = rules
    .filter(({ operation }) => ["facade", "list-hosts"].includes(operation))
    .map(({ id }) => id);
  const covered = new Set([
    ...ways.flatMap(({ of }) => of),
    "mint-xml",
    "freedns-list",
    "mint-num-add",
    "mint-num-update",
    "mint-num-remove",
    // These know no host: one says that it is there, the other makes a name of its own choice.
    "acme-dns-health",
    "acme-dns-register",
  ]);
  expect(wanted.filter((id) => !covered.has(id))).toEqual([]);
  expect(wanted.length).toBeGreaterThan(10);
});
