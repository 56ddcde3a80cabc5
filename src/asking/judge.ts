/** What a reply means for a delegation, in plain sentences. Pure. */

import { addressFromOctets } from "../base/address.ts";
import { rcodes } from "../dns/message.ts";
import type { Message, MessageRecord } from "../dns/message.ts";
import type { Name } from "../dns/name.ts";
import { rcodeName } from "../dns/rcode-name.ts";
import { printRdata, types } from "../dns/record-types.ts";
import { isNewerSerial } from "../dns/serial.ts";
import { readSerial } from "../dns/soa-serial.ts";
import { WireReader } from "../dns/wire.ts";
import type { Asked, Transport } from "./ask-dns.ts";
import { plain } from "./delegation.ts";
import type { Finding, ZoneHere } from "./delegation.ts";

/** Undefined: there is a reply to look at. */
export function judgeSilence(asked: Asked, transport: Transport): Finding | undefined {
  switch (asked.kind) {
    case "reply":
      return undefined;
    case "silence":
      return {
        isGood: false,
        says: `It does not answer on port 53/${transport}. Look whether a firewall lets that through.`,
      };
    case "refused":
      return {
        isGood: false,
        says: `Nothing listens on port 53/${transport}.`,
      };
    case "unreachable":
      return { isGood: undefined, says: "Not asked: no way leads there from this machine." };
  }
}

/** A server of the parent was asked for the zone's NS and DS. */
export function judgeParent(ns: Message, ds: Message | undefined, zone: ZoneHere): Finding {
  const { apex } = zone;
  if (ns.rcode === rcodes.NXDOMAIN) return bad(`It does not know ${plain(apex)} yet.`);
  if (ns.rcode !== rcodes.NOERROR) return bad(`It answers ${rcodeName(ns.rcode)}.`);
  const named = [...ns.authority, ...ns.answers]
    .filter(({ owner, type }) => type === types.NS && owner.isSame(apex))
    .map(readTarget);
  if (named.length === 0) return bad(`It knows no delegation of ${plain(apex)} yet.`);
  const wanted = zone.nameServers.map(({ name }) => name);
  const faults = [
    ...without(wanted, named).map((name) => `It does not name ${plain(name)}.`),
    ...without(named, wanted).map(
      (name) => `It names ${plain(name)}, which is no name server of the zone.`,
    ),
    ...findGlueFaults(ns, named, zone),
    ...(ds === undefined ? [] : findDsFaults(ds, zone)),
  ];
  if (faults.length > 0) return bad(faults.join(" "));
  const beside = zone.ds.length > 0 && ds !== undefined ? ", with the DS of the zone" : "";
  return { isGood: true, says: `It names ${named.map(plain).join(", ")}${beside}.` };
}

/** Of name servers in the zone: a referral has to carry their addresses (RFC 9471 §3). */
function findGlueFaults(reply: Message, named: readonly Name[], zone: ZoneHere): string[] {
  // Of a server that holds the zone too it is no referral, and it may leave addresses out.
  if (reply.flags.has("aa") || reply.flags.has("tc")) return [];
  const faults: string[] = [];
  for (const { name, addresses } of zone.nameServers) {
    if (addresses === undefined || !named.some((there) => there.isSame(name))) continue;
    const here = addresses.map(({ text }) => text);
    const told = reply.additional
      .filter(({ owner, type }) => isAddressType(type) && owner.isSame(name))
      .map(({ rdata }) => addressFromOctets(rdata.slice()).text);
    for (const text of here.filter((one) => !told.includes(one)))
      faults.push(`It lacks the address ${text} of ${plain(name)} (glue).`);
    for (const text of told.filter((one) => !here.includes(one)))
      faults.push(`It has the address ${text} for ${plain(name)} (glue), which the zone has not.`);
  }
  return faults;
}

/** RFC 4035 §5.2: with a DS that fits no key every resolver that validates refuses the zone. */
function findDsFaults(reply: Message, { apex, ds, dsOfKeys }: ZoneHere): string[] {
  const told = reply.answers
    .filter(({ owner, type }) => type === types.DS && owner.isSame(apex))
    .map(({ rdata }) => rdata);
  const missing = ds.filter((wanted) => !told.some((one) => Buffer.compare(one, wanted) === 0));
  const others = told.filter((one) => !namesOneOf(one, ds));
  return [
    ...missing.map((rdata) => `It has no DS ${printRdata(types.DS, rdata)}.`),
    ...others.map((rdata) => {
      const text = printRdata(types.DS, rdata);
      if (namesOneOf(rdata, dsOfKeys)) return `It still has DS ${text}, which is to go.`;
      return dsOfKeys.length === 0
        ? `It has DS ${text}, and the zone is not signed: resolvers that validate refuse it.`
        : `It has DS ${text}, which names no key of the zone.`;
    }),
  ];
}

/** Another digest of the same key names the same key: tag and algorithm are the first three octets. */
function namesOneOf(ds: Uint8Array, keys: readonly Uint8Array[]): boolean {
  return keys.some((key) => Buffer.compare(ds.subarray(0, 3), key.subarray(0, 3)) === 0);
}

/** A name server of the zone was asked for the SOA. `serials`: what was served here before and after. */
export function judgeOwn(
  reply: Message,
  { apex }: ZoneHere,
  serials: readonly [number, number],
): Finding {
  if (reply.rcode !== rcodes.NOERROR) {
    return bad(`It answers ${rcodeName(reply.rcode)}: it does not serve ${plain(apex)}.`);
  }
  const soa = findSoa(reply, apex);
  if (soa === undefined || !reply.flags.has("aa")) {
    return bad(`It answers without authority: it does not serve ${plain(apex)}.`);
  }
  const serial = readSerial(soa.rdata);
  const [before, after] = serials;
  if (
    serial === before ||
    serial === after ||
    (isNewerSerial(serial, before) && isNewerSerial(after, serial))
  ) {
    return { isGood: true, says: `It answers with authority, serial ${serial}.` };
  }
  const isBehind = isNewerSerial(before, serial);
  return bad(
    isBehind
      ? `It has an older zone: serial ${serial}, and here it is ${after}.`
      : `It has another zone: serial ${serial}, and here it is ${after}.`,
  );
}

/** A resolver was asked for the SOA. */
export function judgeResolver(reply: Message, { apex }: ZoneHere): Finding {
  const soa = findSoa(reply, apex);
  if (reply.rcode === rcodes.NOERROR && soa !== undefined) {
    return { isGood: true, says: `It finds the zone, serial ${readSerial(soa.rdata)}.` };
  }
  if (reply.rcode === rcodes.NOERROR || reply.rcode === rcodes.NXDOMAIN) {
    return bad("It does not find the zone yet.");
  }
  return bad(
    `It answers ${rcodeName(reply.rcode)}: it cannot reach the zone, or its signatures do not hold.`,
  );
}

export function readTarget({ rdata }: Pick<MessageRecord, "rdata">): Name {
  return new WireReader(rdata).name();
}

function findSoa(reply: Message, apex: Name): MessageRecord | undefined {
  return reply.answers.find(({ owner, type }) => type === types.SOA && owner.isSame(apex));
}

function isAddressType(type: number): boolean {
  return type === types.A || type === types.AAAA;
}

function without(names: readonly Name[], others: readonly Name[]): readonly Name[] {
  return names.filter((name) => !others.some((other) => other.isSame(name)));
}

function bad(says: string): Finding {
  return { isGood: false, says };
}
