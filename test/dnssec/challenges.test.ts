/** Challenges of a signed zone: what is acknowledged is signed, outlives a kill and a restart, and is denied when it is gone. */

import { expect, test } from "bun:test";
import { makeQuery, readMessage, writeMessage } from "../../src/dns/message.ts";
import type { Message } from "../../src/dns/message.ts";
import { parseRdataText, printRdata, types } from "../../src/dns/record-types.ts";
import { CommandLine } from "../command-line.ts";
import { openUdpClient } from "../dns/client.ts";
import { mustParseName } from "../dns/served-zone.ts";
import { startServer } from "../server.ts";
import type { Listener } from "../server.ts";
import { findUnsigned } from "./online-signatures.ts";
import { hosts, login, makeSignedZones, parentApex } from "./online-zones.ts";

const [host = "", other = ""] = hosts;
const at = mustParseName(`_acme-challenge.${host}.`);
const apex = mustParseName(`${parentApex}.`);
const replyMs = 10_000;

test("challenges and identifiers outlive a kill, and signatures count before and after", async () => {
  using line = new CommandLine();
  const { anchors } = await makeSignedZones(line);
  await line.json(["host", "set", other, "--interface-id", "::c0a"]);
  const dnskey = parseKey(anchors[parentApex]!);
  const serve = () => startServer({ data: line.data, args: ["--dns-rate-limit", "0"] });

  {
    await using server = await serve();
    for (const text of ["first", "second"]) {
      expect(await update(server.devices, `hostname=${host}&txt=${text}`)).toBe("good");
      const message = await ask(server.dns);
      expect(findUnsigned(message, apex, dnskey)).toEqual({ unsigned: [], signatures: 1 });
      expect(textsOf(message).at(-1)).toBe(`"${text}"`);
    }
    await server.kill();
  }

  await using server = await serve();
  const message = await ask(server.dns);
  expect(textsOf(message)).toEqual(['"first"', '"second"']);
  expect(findUnsigned(message, apex, dnskey)).toEqual({ unsigned: [], signatures: 1 });
  // The judge would notice a text that the signature does not cover.
  const half = message.answers.filter(({ rdata }) => !Buffer.from(rdata).includes("second"));
  expect(findUnsigned({ ...message, answers: half }, apex, dnskey).unsigned).toEqual(["TXT"]);

  const prefix = "2001:db8:1:2::/64";
  expect(await update(server.devices, `hostname=${other}&ip6lanprefix=${prefix}`)).toBe(
    "good 2001:db8:1:2::c0a",
  );

  expect(await update(server.devices, `hostname=${host}&txt=&clear=true`)).toBe("good");
  const gone = await ask(server.dns);
  expect(gone.answers).toEqual([]);
  // RFC 9824 §3: a name that does not exist is denied by a record that says so. SOA and NSEC are signed.
  expect(findUnsigned(gone, apex, dnskey)).toEqual({ unsigned: [], signatures: 2 });
  const nsec = gone.authority.find(({ type }) => type === types.NSEC)!;
  expect(nsec.owner.isSame(at)).toBe(true);
  expect(printRdata(types.NSEC, nsec.rdata)).toContain("NXNAME");
}, 120_000);

function textsOf({ answers }: Message): readonly string[] {
  const texts = answers.filter(({ type }) => type === types.TXT);
  return texts.map(({ rdata }) => printRdata(types.TXT, rdata));
}

async function ask(server: Listener): Promise<Message> {
  using udp = await openUdpClient(server);
  const query = makeQuery(at, types.TXT, { id: 1, edns: { isDnssecOk: true } });
  const reply = await udp.ask(writeMessage(query), replyMs);
  if (reply === undefined) throw new Error("No answer");
  return readMessage(reply);
}

async function update(devices: Listener, query: string): Promise<string> {
  const url = `http://${devices.hostname}:${devices.port}/nic/update?${query}`;
  const authorization = `Basic ${btoa(`${login.username}:${login.password}`)}`;
  return (await fetch(url, { headers: { authorization } })).text();
}

function parseKey(anchor: string): Uint8Array {
  const parsed = parseRdataText(types.DNSKEY, anchor.replace(/^.*\sDNSKEY\s+/, ""));
  if (parsed.kind !== "rdata") throw new Error(`Not a key: ${anchor}`);
  return parsed.rdata;
}
