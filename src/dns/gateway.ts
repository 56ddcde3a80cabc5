/** An address, a name or nothing, told by a number before it: gateways of IPSECKEY, relays of AMTRELAY. */

import { printBase64, parseBase64 } from "./binary-text.ts";
import { ipv4, ipv6, plainName, u8 } from "./rdata-field.ts";
import type { RdataField, TokenReader } from "./rdata-field.ts";
import { MalformedMessage } from "./wire.ts";

/** RFC 4025 §2.5; RFC 8777 §4.2.3 has the same numbers. */
const gateways: readonly RdataField[] = [
  {
    read: () => undefined,
    parse: (tokens) => (tokens.word() === "." ? undefined : '"." for no gateway'),
    print: () => ".",
  },
  ipv4,
  ipv6,
  plainName,
];

/** RFC 4025 §2.1: precedence, gateway type, algorithm, gateway, and a key unless the algorithm is 0. */
export const ipsecKey: RdataField = {
  read(from, to) {
    u8.read(from, to);
    const type = from.u8();
    const algorithm = from.u8();
    to.u8(type);
    to.u8(algorithm);
    getGateway(type).read(from, to);
    if ((from.left === 0) !== (algorithm === 0)) {
      throw new MalformedMessage("A key without an algorithm, or the other way round");
    }
    to.octets(from.octets(from.left));
  },
  parse(tokens, to) {
    const precedence = u8.parse(tokens, to);
    const type = parseSmall(tokens);
    const algorithm = parseSmall(tokens);
    if (precedence !== undefined || algorithm === undefined) return "a number from 0 to 255";
    const gateway = gateways[type ?? gateways.length];
    if (gateway === undefined || type === undefined) return "a gateway type from 0 to 3";
    to.u8(type);
    to.u8(algorithm);
    const wanted = gateway.parse(tokens, to);
    if (wanted !== undefined) return wanted;
    const key = parseBase64(tokens.joinedWords() ?? "?");
    if (key === undefined || (key.length === 0) !== (algorithm === 0)) {
      return algorithm === 0 ? "no key, as there is no algorithm" : "base64";
    }
    to.octets(key);
    return undefined;
  },
  print(from) {
    const precedence = from.u8();
    const type = from.u8();
    const algorithm = from.u8();
    const gateway = getGateway(type).print(from);
    const key = printBase64(from.octets(from.left));
    return `${precedence} ${type} ${algorithm} ${gateway}${key === "" ? "" : ` ${key}`}`;
  },
};

/** RFC 8777 §4.2: precedence, a bit that makes discovery optional, relay type, relay. */
export const amtRelay: RdataField = {
  read(from, to) {
    u8.read(from, to);
    const head = from.u8();
    to.u8(head);
    getGateway(head & ~discoveryBit).read(from, to);
  },
  parse(tokens, to) {
    const precedence = u8.parse(tokens, to);
    if (precedence !== undefined) return precedence;
    const discovery = tokens.word();
    if (discovery !== "0" && discovery !== "1") return "0 or 1 for whether discovery is optional";
    const type = parseSmall(tokens);
    const relay = gateways[type ?? gateways.length];
    if (relay === undefined || type === undefined) return "a relay type from 0 to 3";
    to.u8((discovery === "1" ? discoveryBit : 0) | type);
    return relay.parse(tokens, to);
  },
  print(from) {
    const precedence = from.u8();
    const head = from.u8();
    const type = head & ~discoveryBit;
    return `${precedence} ${head >> 7} ${type} ${getGateway(type).print(from)}`;
  },
};

const discoveryBit = 0x80;

function getGateway(type: number): RdataField {
  const gateway = gateways[type];
  if (gateway === undefined) throw new MalformedMessage(`Gateway type ${type}`);
  return gateway;
}

function parseSmall(tokens: TokenReader): number | undefined {
  const word = tokens.word();
  return word !== undefined && /^\d{1,3}$/.test(word) && Number(word) <= 255
    ? Number(word)
    : undefined;
}
