/**
 * Looks at a delegation from outside: asks resolvers for the parent, the parent's servers for the zone, and the
 * zone's own servers for its SOA; over UDP and TCP, IPv4 and IPv6, all at once, a bounded number of questions.
 */

import { addressFromOctets } from "../base/address.ts";
import type { Address } from "../base/address.ts";
import type { ServerAddress } from "../base/server-address.ts";
import { printServerAddress } from "../base/server-address.ts";
import { rcodes } from "../dns/message.ts";
import type { Message } from "../dns/message.ts";
import type { Name } from "../dns/name.ts";
import { types } from "../dns/record-types.ts";
import { askDns, askOver, dnsPort } from "./ask-dns.ts";
import type { Asked, DnsServer, Patience, Transport } from "./ask-dns.ts";
import { makeWanted, plain } from "./delegation.ts";
import type { Delegation, DelegationRow, Finding, ZoneHere } from "./delegation.ts";
import { judgeOwn, judgeParent, judgeResolver, judgeSilence, readTarget } from "./judge.ts";

/** Of a large parent a few servers say enough. */
const parentServersMax = 4;
/** More than anybody has reason to run. */
const ownServersMax = 8;
const addressesPerServerMax = 4;

/** A person waits for it. Up to four rounds of questions come one after the other, and the last ones get what is left. */
const checkMsMax = 10_000;
const roundPatience = { waitMs: 1_200, triesMax: 2 } as const;
const transports = ["udp", "tcp"] as const satisfies readonly Transport[];

export interface DelegationParts {
  readonly resolvers: readonly ServerAddress[];
  /**
   * Where a server at this address is asked; undefined: it must not be. What stands in a zone or comes from the
   * net decides over addresses, and nobody shall reach into the operator's own network through this machine.
   */
  serverAt(address: Address): DnsServer | undefined;
}

interface Found {
  readonly server: string;
  readonly address: Address | undefined;
}

interface Check extends DelegationParts {
  /** For a question that is asked now. */
  patience(): Patience;
}

export async function checkDelegation(zone: ZoneHere, given: DelegationParts): Promise<Delegation> {
  const wanted = makeWanted(zone);
  const untilMs = performance.now() + checkMsMax;
  const patience = (): Patience => {
    const { waitMs, triesMax } = roundPatience;
    const leftMs = Math.max(1, untilMs - performance.now());
    return { waitMs: Math.min(waitMs, leftMs / triesMax), triesMax };
  };
  const parts = { ...given, patience };
  const [{ parent, fault, rows: parentRows }, ownRows, resolverRows] = await Promise.all([
    askParent(zone, parts),
    askOwn(zone, parts),
    askResolvers(zone, parts),
  ]);
  return { wanted, parent, fault, rows: [...parentRows, ...ownRows, ...resolverRows] };
}

async function askParent(
  zone: ZoneHere,
  parts: Check,
): Promise<Pick<Delegation, "parent" | "fault" | "rows">> {
  const nobody = (fault: string) => ({ parent: undefined, fault, rows: [] });
  if (parts.resolvers.length === 0) {
    return nobody("Nobody is asked: the setting resolvers names no resolver.");
  }
  const parent = await findParent(zone.apex, parts);
  if (parent === undefined) return nobody("No resolver says who the parent is.");
  const servers = await findServers(parent, parts);
  if (servers.length === 0) {
    return { ...nobody(`No resolver finds the servers of ${plain(parent)}.`), parent };
  }
  const rows = await askEach("parent", servers, parts, async (server, transport) => {
    const ask = (type: number): Promise<Asked> =>
      askOver(transport, server, { name: zone.apex, type, flags: [] }, parts.patience());
    const [ns, ds] = await Promise.all([ask(types.NS), ask(types.DS)]);
    if (ns.kind !== "reply") return judgeSilence(ns, transport)!;
    return judgeParent(ns.message, ds.kind === "reply" ? ds.message : undefined, zone);
  });
  return { parent, fault: undefined, rows };
}

/** The zone in which the name above the apex lies: its SOA comes as answer, or as the reason of none. */
async function findParent(apex: Name, parts: Check): Promise<Name | undefined> {
  const above = apex.parent();
  if (above === undefined) return undefined;
  const reply = await resolve(above, types.SOA, parts);
  const soa = [...(reply?.answers ?? []), ...(reply?.authority ?? [])].find(
    ({ owner, type }) => type === types.SOA && above.isWithin(owner),
  );
  return soa?.owner;
}

async function findServers(parent: Name, parts: Check): Promise<readonly Found[]> {
  const reply = await resolve(parent, types.NS, parts);
  const names = (reply?.answers ?? []).filter(({ type }) => type === types.NS).map(readTarget);
  const found = names.slice(0, parentServersMax).map(async (name) => {
    const addresses = await findAddresses(name, parts);
    const firsts = [4, 6].flatMap((family) => addresses.find((one) => one.family === family) ?? []);
    return firsts.map((address) => ({ server: plain(name), address }));
  });
  return (await Promise.all(found)).flat();
}

async function findAddresses(name: Name, parts: Check): Promise<readonly Address[]> {
  const replies = await Promise.all(
    [types.A, types.AAAA].map((type) => resolve(name, type, parts)),
  );
  return replies.flatMap((reply, index) =>
    (reply?.answers ?? [])
      .filter(({ type }) => type === [types.A, types.AAAA][index])
      .map(({ rdata }) => addressFromOctets(rdata.slice())),
  );
}

/** The first resolver that can say something counts. */
async function resolve(
  name: Name,
  type: number,
  { resolvers, patience }: Check,
): Promise<Message | undefined> {
  const asked = resolvers.map(async (resolver) => {
    // CD: what the parent says is wanted also while the zone does not validate.
    const question = { name, type, flags: ["rd", "cd"] } as const;
    const one = await askDns(placeOf(resolver), question, patience());
    const isAnswer = one.kind === "reply" && saysSomething.has(one.message.rcode);
    if (!isAnswer) throw new Error("no answer");
    return one.message;
  });
  return Promise.any(asked).catch(() => undefined);
}

const saysSomething: ReadonlySet<number> = new Set([rcodes.NOERROR, rcodes.NXDOMAIN]);

async function askOwn(zone: ZoneHere, parts: Check): Promise<readonly DelegationRow[]> {
  const found = zone.nameServers.slice(0, ownServersMax).map(async ({ name, addresses }) => {
    const all = addresses ?? (await findAddresses(name, parts));
    const server = plain(name);
    if (all.length === 0) return [{ server, address: undefined }];
    return all.slice(0, addressesPerServerMax).map((address) => ({ server, address }));
  });
  const servers = (await Promise.all(found)).flat();
  return askEach("own", servers, parts, async (server, transport) => {
    const question = { name: zone.apex, type: types.SOA, flags: [] };
    const before = zone.serial();
    const asked = await askOver(transport, server, question, parts.patience());
    if (asked.kind !== "reply") return judgeSilence(asked, transport)!;
    return judgeOwn(asked.message, zone, [before, zone.serial()]);
  });
}

async function askResolvers(
  zone: ZoneHere,
  { resolvers, patience }: Check,
): Promise<readonly DelegationRow[]> {
  return Promise.all(
    resolvers.map(async (resolver): Promise<DelegationRow> => {
      const question = { name: zone.apex, type: types.SOA, flags: ["rd"] } as const;
      const asked = await askDns(placeOf(resolver), question, patience());
      const finding =
        asked.kind === "reply" ? judgeResolver(asked.message, zone) : judgeSilence(asked, "udp")!;
      const server = printServerAddress(resolver, dnsPort);
      return { role: "resolver", server, address: resolver.address, transport: "udp", finding };
    }),
  );
}

/** A row for each server and transport. */
async function askEach(
  role: "parent" | "own",
  servers: readonly Found[],
  parts: Check,
  ask: (server: DnsServer, transport: Transport) => Promise<Finding>,
): Promise<readonly DelegationRow[]> {
  const rows = servers.flatMap(({ server, address }): Promise<DelegationRow>[] => {
    const place = address === undefined ? undefined : parts.serverAt(address);
    if (address === undefined || place === undefined) {
      const finding = address === undefined ? withoutAddress(role) : outOfReach(address);
      return [Promise.resolve({ role, server, address, transport: "udp", finding })];
    }
    return transports.map(async (transport) => {
      const finding = await ask(place, transport);
      return { role, server, address, transport, finding };
    });
  });
  return Promise.all(rows);
}

function withoutAddress(role: "parent" | "own"): Finding {
  const says = "It has no address that anybody could find.";
  return { isGood: false, says: role === "own" ? `${says} Give it one in its zone.` : says };
}

function outOfReach({ text }: Address): Finding {
  return {
    isGood: false,
    says: `${text} is an address of a local network: the world cannot reach it.`,
  };
}

function placeOf({ address, port }: ServerAddress): DnsServer {
  return { hostname: address.text, port };
}
