/** RFC 2136: the address is written into the zone itself, signed with TSIG (RFC 8945). */

import type { Address } from "../../base/address.ts";
import { parseBase64 } from "../../dns/binary-text.ts";
import { writeMessage } from "../../dns/message.ts";
import { parseName } from "../../dns/name.ts";
import type { Name } from "../../dns/name.ts";
import { types } from "../../dns/record-types.ts";
import { signMessage, tsigAlgorithms } from "../../dns/tsig.ts";
import type { TsigKey } from "../../dns/tsig.ts";
import { makeUpdate } from "../../dns/update-message.ts";
import type { Change } from "../../dns/update-message.ts";
import { dnsServerWants, exchangeDns, parseDnsServer } from "./dns-exchange.ts";
import { isDecisive, judgeDnsReply, readDnsReply } from "./judge-dns-reply.ts";
import type { DnsReply } from "./judge-dns-reply.ts";
import type { HostAnswer, Update } from "./service.ts";
import { findSetting, settingMistake } from "./service-row.ts";
import type { ServiceRow, ServiceSettings, SettingMistake } from "./service-row.ts";

/** Four records a host and its names: well within one message. */
const hostsMax = 20;
const ttlSecondsDefault = 60;
/** RFC 2181 §8. */
const ttlSecondsMax = 0x7fff_ffff;

export const rfc2136 = {
  doc: "DNS UPDATE with TSIG, as nsupdate sends it.",
  hostsMax,
  settings: {
    server: { doc: `The primary name server: ${dnsServerWants}.`, isRequired: true },
    zone: { doc: "The zone that the hosts are in.", isRequired: true },
    key: { doc: "The name of the TSIG key.", isRequired: true },
    algorithm: { doc: `One of ${tsigAlgorithms.join(", ")}.`, fallback: "hmac-sha256" },
    secret: { doc: "The secret of the key in base64.", isRequired: true, isSecret: true },
    ttl: { doc: "How many seconds resolvers may keep the address.", fallback: "60" },
  },
  make(given, surroundings) {
    const wire = parseSettings(given);
    if ("kind" in wire) return wire;
    const { server, zone, key } = wire;
    return {
      name: `rfc2136 ${server.host}:${server.port}`,
      hostsMax,
      async send(update, signal) {
        const changes = makeChanges(update, wire);
        if (typeof changes === "string") {
          return update.hosts.map(() => ({ kind: "failed", why: changes, waitMs: undefined }));
        }
        const timeSeconds = Math.floor(surroundings.clock.now() / 1_000);
        const idOctets = surroundings.chance.octets(2);
        const id = idOctets[0]! * 0x100 + idOctets[1]!;
        const message = writeMessage(makeUpdate(zone, { id, changes }));
        const { octets, mac } = signMessage(message, key, { timeSeconds });
        const read = (reply: Uint8Array): DnsReply | undefined =>
          readDnsReply(reply, {
            id,
            key,
            requestMac: mac,
            nowSeconds: Math.floor(surroundings.clock.now() / 1_000),
          });
        const exchange = { server, octets, askMs: surroundings.askMs, read, isDecisive };
        const reply = await exchangeDns(exchange, signal);
        const answer: HostAnswer =
          typeof reply === "string"
            ? { kind: "failed", why: reply, waitMs: undefined }
            : judgeDnsReply(reply);
        return update.hosts.map(() => answer);
      },
    };
  },
} as const satisfies ServiceRow;

interface WireSettings {
  readonly server: { readonly host: string; readonly port: number };
  readonly zone: Name;
  readonly key: TsigKey;
  readonly ttlSeconds: number;
}

function parseSettings(given: ServiceSettings): WireSettings | SettingMistake {
  const server = parseDnsServer(findSetting(given, "server") ?? "");
  if (server === undefined) return settingMistake("server", "something else", dnsServerWants);
  const zone = parseName(findSetting(given, "zone") ?? "");
  if (zone === undefined) return settingMistake("zone", "something else", "a domain name");
  const name = parseName(findSetting(given, "key") ?? "");
  if (name === undefined) return settingMistake("key", "something else", "the name of a key");
  const word = (findSetting(given, "algorithm") ?? "hmac-sha256").toLowerCase();
  const algorithm = tsigAlgorithms.find((known) => known === word);
  if (algorithm === undefined) {
    return settingMistake("algorithm", word, `one of ${tsigAlgorithms.join(", ")}`);
  }
  const secret = parseBase64(findSetting(given, "secret") ?? "");
  if (secret === undefined || secret.length === 0) {
    return settingMistake("secret", "something else", "base64");
  }
  const ttlText = findSetting(given, "ttl") ?? String(ttlSecondsDefault);
  if (!/^\d{1,10}$/.test(ttlText) || Number(ttlText) > ttlSecondsMax) {
    return settingMistake("ttl", ttlText, "a whole number of seconds");
  }
  return { server, zone, key: { name, algorithm, secret }, ttlSeconds: Number(ttlText) };
}

/** For each host and family: the RRset away and the new one there, in one message that is done whole. */
function makeChanges(update: Update, wire: WireSettings): readonly Change[] | string {
  const changes: Change[] = [];
  for (const host of update.hosts) {
    const owner = parseName(host);
    if (owner === undefined || !owner.isWithin(wire.zone)) return `${host} is not in the zone`;
    for (const address of [update.v4, update.v6]) {
      if (address !== undefined) changes.push(...replace(owner, address, wire.ttlSeconds));
    }
  }
  return changes;
}

function replace(owner: Name, address: Address, ttlSeconds: number): readonly Change[] {
  const type = address.family === 4 ? types.A : types.AAAA;
  return [
    { kind: "delete-rrset", owner, type },
    { kind: "add", record: { owner, type, ttlSeconds, rdata: address.octets } },
  ];
}
