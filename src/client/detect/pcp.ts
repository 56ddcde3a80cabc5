/**
 * The router's external address by PCP (RFC 6887). Only a mapping tells it (§11.1), so one is made and
 * taken back at once: for a UDP port that this program holds itself and on which it takes nothing
 * but what the router sends, and for so short a time that it ends by itself if taking it back fails.
 */

import { addressFromOctets, parseAddress } from "../../base/address.ts";
import type { Address } from "../../base/address.ts";
import { systemChance } from "../../base/chance.ts";
import type { Chance } from "../../base/chance.ts";
import { findGateway } from "./gateway.ts";
import { failed, judge, none } from "./judge.ts";
import type { Policy } from "./judge.ts";
import { noGateway, routerPort, routerWaitsMs } from "./nat-pmp.ts";
import type { Source } from "./source.ts";
import { openUdpPeer } from "./udp-peer.ts";

const lifetimeSeconds = 120; // RFC 6887 §15: servers may give no less

/** Without an address: the gateway of the default route. */
export function makePcpSource(
  given: Address | undefined,
  policy: Policy,
  chance: Chance = systemChance,
): Source {
  return {
    name: given === undefined ? "pcp" : `pcp ${given.text}`,
    detect: async (family, signal) => {
      if (family !== (given?.family ?? 4)) {
        return none(`a mapping at this gateway has no IPv${family} address`);
      }
      const gateway = given ?? (await findGateway());
      if (gateway === undefined) return failed(noGateway);
      if (signal.aborted) return failed("it was called off");
      const opened = await openUdpPeer({ hostname: gateway.text, port: routerPort });
      if (opened.kind === "failed") return opened;
      using peer = opened.peer;
      const client = parseAddress(peer.localAddress);
      if (client === undefined) return failed(`${peer.localAddress} is no address to ask from`);
      const nonce = chance.octets(nonceOctets);
      const mapping = { client, nonce, port: peer.localPort };
      const read = (octets: Uint8Array): Reply | undefined => parseReply(octets, mapping);
      const request = writeRequest(mapping, lifetimeSeconds);
      const asked = await peer.ask(request, routerWaitsMs, read, signal);
      // Also when no answer came: the request may have been heard. Not to be called off.
      const end = writeRequest(mapping, 0);
      await peer.ask(end, takeBackWaitsMs, isTakenBack, new AbortController().signal);
      if (asked.kind === "failed") return asked;
      if (asked.value.kind === "refused") return failed(`the router says: ${asked.value.why}`);
      const { address } = asked.value;
      if (/^(0\.0\.0\.0|::)$/.test(address.text)) return none("the router has no external address");
      return judge([address], family, policy);
    },
  };
}

const takeBackWaitsMs = [250, 500];

const version = 2;
const opcodeMap = 1;
const protocolUdp = 17;
const nonceOctets = 12;
const messageOctets = 60; // §7.1 and §11.1: 24 of header, 36 of MAP
const mapAt = 24;
const externalAt = mapAt + 20;

interface Mapping {
  readonly client: Address;
  readonly nonce: Uint8Array;
  readonly port: number;
}

/** Lifetime 0 takes the mapping back (§15.1). Exported for its test. */
export function writeRequest(mapping: Mapping, lifetime: number): Uint8Array {
  const octets = new Uint8Array(messageOctets);
  const view = new DataView(octets.buffer);
  octets[0] = version;
  octets[1] = opcodeMap;
  view.setUint32(4, lifetime);
  putAddress(octets, 8, mapping.client);
  octets.set(mapping.nonce, mapAt);
  octets[mapAt + 12] = protocolUdp;
  view.setUint16(mapAt + 16, mapping.port);
  // No wish for a port: 0. For the address: the one of all zeros, of the family that is meant (§11.1).
  const zeros = new Uint8Array(mapping.client.octets.length);
  putAddress(octets, externalAt, { ...mapping.client, octets: zeros });
  return octets;
}

/** IPv4 addresses stand as IPv4-mapped ones (§5). */
function putAddress(octets: Uint8Array, at: number, { family, octets: address }: Address): void {
  if (family === 4) octets.fill(0xff, at + 10, at + 12);
  octets.set(address, family === 4 ? at + 12 : at);
}

type Reply =
  | { readonly kind: "address"; readonly address: Address }
  | { readonly kind: "refused"; readonly why: string };

/** Undefined: no reply to this request. Exported for its test. */
export function parseReply(octets: Uint8Array, mapping: Mapping): Reply | undefined {
  if (octets.length < 4) return undefined;
  const isResponse = (octets[1]! & 0x80) !== 0;
  if (!isResponse) return undefined;
  // NAT-PMP only (§9): a response of version 0.
  if (octets[0] !== version) return { kind: "refused", why: results[1]! };
  if (octets.length < messageOctets || octets[1] !== (0x80 | opcodeMap)) return undefined;
  const isSame = mapping.nonce.every((octet, i) => octets[mapAt + i] === octet);
  const port = (octets[mapAt + 16]! << 8) | octets[mapAt + 17]!;
  if (!isSame || octets[mapAt + 12] !== protocolUdp || port !== mapping.port) return undefined;
  const result = octets[3]!;
  if (result !== 0) return { kind: "refused", why: results[result] ?? `result ${result}` };
  const external = addressFromOctets(octets.slice(externalAt, externalAt + 16));
  return { kind: "address", address: external };
}

/** Refused, or gone: not a late answer to the request before. */
function isTakenBack(octets: Uint8Array): true | undefined {
  if (octets.length < messageOctets) return undefined;
  const lifetime = new DataView(octets.buffer, octets.byteOffset).getUint32(4);
  return octets[3] !== 0 || lifetime === 0 ? true : undefined;
}

/** §7.4. */
const results: readonly string[] = [
  "success",
  "unsupported version",
  "not authorized",
  "malformed request",
  "unsupported opcode",
  "unsupported option",
  "malformed option",
  "network failure",
  "no resources",
  "unsupported protocol",
  "user exceeded quota",
  "cannot provide external address",
  "address mismatch",
  "excessive remote peers",
];
