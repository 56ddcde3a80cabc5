/** Replies that servers on the net seldom give; the usual ones are real in test/asking. */

import { describe, expect, test } from "bun:test";
import { makeQuery, rcodes } from "../dns/message.ts";
import type { Flag, Message, MessageRecord } from "../dns/message.ts";
import { parseName } from "../dns/name.ts";
import { parseRdataText, types } from "../dns/record-types.ts";
import type { Finding, ZoneHere } from "./delegation.ts";
import { judgeOwn, judgeParent, judgeResolver, judgeSilence } from "./judge.ts";

const apex = parseName("dyn.test.")!;
const zone: ZoneHere = {
  apex,
  nameServers: [{ name: parseName("ns1.dyn.test.")!, addresses: [] }],
  ds: [],
  dsOfKeys: [],
  serial: () => 7,
};

function record(type: number, text: string): MessageRecord {
  const parsed = parseRdataText(type, text);
  if (parsed.kind === "refused") throw new Error(parsed.why);
  return { owner: apex, type, class: 1, ttlSeconds: 60, rdata: parsed.rdata };
}

const soa = (serial: number): MessageRecord =>
  record(types.SOA, `ns1.dyn.test. hostmaster.dyn.test. ${serial} 1 1 1 1`);

function reply(
  rcode: keyof typeof rcodes,
  answers: readonly MessageRecord[] = [],
  flags: readonly Flag[] = ["qr", "aa"],
): Message {
  return { ...makeQuery(apex, types.SOA, { id: 1, flags }), rcode: rcodes[rcode], answers };
}

const own = (message: Message, before = 7, after = 7): Finding =>
  judgeOwn(message, zone, [before, after]);

describe("a finding", () => {
  const cases: readonly (readonly [string, Finding | undefined, boolean | undefined, RegExp])[] = [
    ["silence", judgeSilence({ kind: "silence" }, "udp"), false, /port 53\/udp.*firewall/],
    ["no listener", judgeSilence({ kind: "refused" }, "tcp"), false, /Nothing listens.*53\/tcp/],
    ["no way", judgeSilence({ kind: "unreachable" }, "udp"), undefined, /Not asked/],
    ["a parent that refuses", judgeParent(reply("REFUSED"), undefined, zone), false, /REFUSED/],
    [
      "a parent that knows nothing",
      judgeParent(reply("NOERROR"), undefined, zone),
      false,
      /no deleg/,
    ],
    ["an own server that refuses", own(reply("REFUSED")), false, /REFUSED: it does not serve/],
    ["one that fails", own(reply("SERVFAIL")), false, /SERVFAIL/],
    ["one without authority", own(reply("NOERROR", [soa(7)], ["qr"])), false, /without authority/],
    ["one with the serial", own(reply("NOERROR", [soa(7)])), true, /serial 7/],
    [
      "one that was asked while the serial went on",
      own(reply("NOERROR", [soa(8)]), 7, 9),
      true,
      /serial 8/,
    ],
    ["one with the serial of before", own(reply("NOERROR", [soa(7)]), 7, 9), true, /serial 7/],
    ["one that is behind", own(reply("NOERROR", [soa(6)]), 7, 9), false, /older zone: serial 6/],
    [
      "one with a serial that goes round",
      own(reply("NOERROR", [soa(4_294_967_295)]), 1, 1),
      false,
      /older/,
    ],
    [
      "a resolver that fails",
      judgeResolver(reply("SERVFAIL"), zone),
      false,
      /SERVFAIL.*signatures/,
    ],
    ["a resolver that finds no name", judgeResolver(reply("NXDOMAIN"), zone), false, /not find/],
    ["a resolver that finds it", judgeResolver(reply("NOERROR", [soa(5)]), zone), true, /serial 5/],
  ];
  for (const [title, finding, isGood, says] of cases) {
    test(title, () => {
      expect(finding?.isGood).toBe(isGood!);
      expect(finding?.says).toMatch(says);
    });
  }
});
