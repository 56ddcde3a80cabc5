/** What a name server says of the address it is asked from: one UDP packet, no zone, no cache in between. */

import { lookup } from "node:dns/promises";
import { parseAddress } from "../../base/address.ts";
import { systemChance } from "../../base/chance.ts";
import type { Chance } from "../../base/chance.ts";
import { makeQuery, rcodes, readMessage, writeMessage } from "../../dns/message.ts";
import type { Message } from "../../dns/message.ts";
import type { Name } from "../../dns/name.ts";
import { types } from "../../dns/record-types.ts";
import { classes } from "../../dns/resource-record.ts";
import { MalformedMessage } from "../../dns/wire.ts";
import { failed, judge, none } from "./judge.ts";
import type { Policy } from "./judge.ts";
import type { Source } from "./source.ts";
import { openUdpPeer } from "./udp-peer.ts";

export interface WhoamiServer {
  /** An address, or a name that is looked up in the family that is asked for. */
  readonly hostname: string;
  readonly port: number;
  /** `whoami.nameward.`, or what another service has in class CH. */
  readonly name: Name;
  /** As the configuration has it. */
  readonly text: string;
}

const waitsMs = [1_000, 2_000, 3_000];

export function makeDnsSource(
  server: WhoamiServer,
  policy: Policy,
  chance: Chance = systemChance,
): Source {
  return {
    name: `dns ${server.text}`,
    detect: async (family, signal) => {
      const stated = parseAddress(server.hostname);
      if (stated !== undefined && stated.family !== family) {
        return none(`a server at ${stated.text} sees no IPv${family} addresses`);
      }
      const hostname = stated?.text ?? (await findAddress(server.hostname, family));
      if (hostname === undefined) {
        return failed(`no IPv${family} address is found for ${server.hostname}`);
      }
      const opened = await openUdpPeer({ hostname, port: server.port });
      if (opened.kind === "failed") return opened;
      using peer = opened.peer;
      const [high = 0, low = 0] = chance.octets(2);
      const query = makeQuery(server.name, types.TXT, {
        id: high * 0x100 + low,
        class: classes.CH,
      });
      const read = (octets: Uint8Array): Message | undefined => parseReply(octets, query);
      const asked = await peer.ask(writeMessage(query), waitsMs, read, signal);
      if (asked.kind === "failed") return asked;
      const reply = asked.value;
      if (reply.rcode !== rcodes.NOERROR) return failed(`it answers with RCODE ${reply.rcode}`);
      if (reply.flags.has("tc")) return failed("it does not answer so often");
      const texts = findTexts(reply, query);
      const found = texts.map((text) => parseAddress(text));
      if (found.includes(undefined)) return failed("its answer is no address");
      return judge(
        found.filter((address) => address !== undefined),
        family,
        policy,
      );
    },
  };
}

async function findAddress(hostname: string, family: 4 | 6): Promise<string | undefined> {
  try {
    const found = await lookup(hostname, { family });
    return found.address;
  } catch {
    return undefined;
  }
}

/** RFC 5452 §9.1: the reply has the ID and the question that was asked. */
function parseReply(octets: Uint8Array, query: Message): Message | undefined {
  try {
    const reply = readMessage(octets);
    const [asked, told] = [query.questions[0]!, reply.questions[0]];
    if (reply.id !== query.id || !reply.flags.has("qr") || told === undefined) return undefined;
    const isSame = told.type === asked.type && told.class === asked.class;
    return isSame && told.name.isSame(asked.name) ? reply : undefined;
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
}

/** The first character-string of each TXT record (RFC 1035 §3.3.14), whose form is the same in class CH. */
function findTexts(reply: Message, query: Message): readonly string[] {
  const { name } = query.questions[0]!;
  return reply.answers
    .filter(({ owner, type, class: its }) => {
      return type === types.TXT && its === classes.CH && owner.isSame(name);
    })
    .map(({ rdata }) => Buffer.from(rdata.subarray(1, 1 + (rdata[0] ?? 0))).toString("latin1"));
}
