/** The router's external address by NAT-PMP (RFC 6886 §3.2): one question, nothing opened. */

import { addressFromOctets } from "../../base/address.ts";
import type { Address } from "../../base/address.ts";
import { findGateway } from "./gateway.ts";
import { failed, judge, none } from "./judge.ts";
import type { Policy } from "./judge.ts";
import type { Source } from "./source.ts";
import { openUdpPeer } from "./udp-peer.ts";

export const routerPort = 5_351; // RFC 6886 §1, RFC 6887 §19.1

/** RFC 6886 §3.1 doubles from 250 ms on, nine times; a router in the house that is silent for 4 s has none of it. */
export const routerWaitsMs: readonly number[] = [250, 500, 1_000, 2_000];

export const noGateway = "no gateway is known: name it behind the word";

/** Without an address: the gateway of the default route. */
export function makeNatPmpSource(given: Address | undefined, policy: Policy): Source {
  return {
    name: given === undefined ? "nat-pmp" : `nat-pmp ${given.text}`,
    detect: async (family, signal) => {
      if (family === 6) return none("NAT-PMP knows IPv4 only");
      const gateway = given ?? (await findGateway());
      if (gateway === undefined) return failed(noGateway);
      const opened = await openUdpPeer({ hostname: gateway.text, port: routerPort });
      if (opened.kind === "failed") return opened;
      using peer = opened.peer;
      const asked = await peer.ask(request, routerWaitsMs, parseReply, signal);
      if (asked.kind === "failed") return asked;
      const reply = asked.value;
      if (reply.kind === "refused") return failed(`the router says: ${reply.why}`);
      if (reply.address.text === "0.0.0.0") return none("the router has no external address");
      return judge([reply.address], family, policy);
    },
  };
}

const request = Uint8Array.of(0, 0); // version 0, opcode 0
const replyOctets = 12;

type Reply =
  | { readonly kind: "address"; readonly address: Address }
  | { readonly kind: "refused"; readonly why: string };

/** RFC 6886 §3.5. */
const results = [
  "success",
  "unsupported version",
  "not authorized",
  "network failure",
  "out of resources",
  "unsupported opcode",
] as const;

/** Undefined: no reply to this question. Exported for its test. */
export function parseReply(octets: Uint8Array): Reply | undefined {
  if (octets.length < 4) return undefined;
  const result = (octets[2]! << 8) | octets[3]!;
  // A router that knows another version says so in its own (§3.5), in that one's format.
  const isOther = octets[0] !== 0 || octets[1] !== 128;
  if (isOther) return (octets[1]! & 0x80) === 0 ? undefined : { kind: "refused", why: results[1] };
  if (result !== 0) return { kind: "refused", why: results[result] ?? `result ${result}` };
  if (octets.length < replyOctets) return undefined;
  return { kind: "address", address: addressFromOctets(octets.slice(8, replyOctets)) };
}
