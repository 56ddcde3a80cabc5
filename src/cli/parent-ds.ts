/** What the parent of a zone says about its keys, as a resolver sees it; or the operator's word for it. */

import { askDns, dnsPort } from "../asking/ask-dns.ts";
import { parseServerAddress } from "../base/server-address.ts";
import { dsTtlSecondsMax } from "../core/key-roll.ts";
import { makeDs } from "../dns/key-records.ts";
import { rcodes } from "../dns/message.ts";
import type { Message } from "../dns/message.ts";
import type { Name } from "../dns/name.ts";
import { printRdata, types } from "../dns/record-types.ts";
import { WireReader } from "../dns/wire.ts";
import { Refused, refused } from "./command.ts";

export interface ParentDs {
  readonly rdatas: readonly Uint8Array[];
  /** How long caches may keep them. */
  readonly ttlSeconds: number;
}

/** Throws `Refused` when nobody tells. */
export async function getParentDs(resolver: string, apex: Name): Promise<ParentDs> {
  const server = parseServerAddress(resolver, dnsPort);
  if (server === undefined) {
    const why = `${JSON.stringify(resolver)} in --resolver is not an address.`;
    throw new Refused(
      refused(why, "Wanted: an IP address, and a port behind : where it is not 53."),
    );
  }
  // CD: what the parent says is wanted also while validation fails (RFC 4035 §3.2.2).
  const question = { name: apex, type: types.DS, flags: ["rd", "cd"] } as const;
  const place = { hostname: server.address.text, port: server.port };
  const asked = await askDns(place, question);
  if (asked.kind !== "reply") throw new Refused(refused(`${resolver} does not answer.`));
  const reply = asked.message;
  if (reply.rcode !== rcodes.NOERROR && reply.rcode !== rcodes.NXDOMAIN) {
    throw new Refused(refused(`${resolver} does not say: it answers with RCODE ${reply.rcode}.`));
  }
  return readParentDs(reply, apex);
}

/** From the reply to a question for DS with DO set. */
export function readParentDs(reply: Message, apex: Name): ParentDs {
  const here = reply.answers.filter(({ owner }) => owner.isSame(apex));
  const records = here.filter(({ type }) => type === types.DS);
  const signatures = here.filter(
    ({ type, rdata }) => type === types.RRSIG && new WireReader(rdata).u16() === types.DS,
  );
  // A cache counts the TTL down; its signature holds the one that the parent gave (RFC 4034 §3.1.4).
  const [first] = records;
  const ttls = signatures.map(({ rdata }) => new WireReader(rdata.subarray(4)).u32());
  if (first !== undefined) ttls.push(first.ttlSeconds);
  const isKnown = first !== undefined && (signatures.length > 0 || reply.flags.has("aa"));
  if (!isKnown) ttls.push(dsTtlSecondsMax);
  return { rdatas: records.map(({ rdata }) => rdata), ttlSeconds: Math.max(...ttls) };
}

/** What is still missing at the parent, one sentence each: all `wanted` are there, and no other key is named. */
export function parentLacks(
  apex: Name,
  parent: readonly Uint8Array[],
  wanted: readonly Uint8Array[],
): readonly string[] {
  const ours = wanted.map((dnskey) => makeDs(apex, dnskey));
  const missing = ours.filter((ds) => !parent.some((there) => isSame(there, ds)));
  // Another digest of the same key names the same key: tag and algorithm are the first three octets.
  const foreign = parent.filter(
    (there) => !ours.some((ds) => isSame(there.subarray(0, 3), ds.subarray(0, 3))),
  );
  return [
    ...missing.map((ds) => `It has no DS ${printRdata(types.DS, ds)}.`),
    ...foreign.map((ds) => `It still has DS ${printRdata(types.DS, ds)}.`),
  ];
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
