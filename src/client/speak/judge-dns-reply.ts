/** What the reply to an UPDATE says: its RCODE (RFC 2136 §2.2) when TSIG proves it, or what is wrong with TSIG. */

import { opcodes, rcodes, readMessage } from "../../dns/message.ts";
import type { Message } from "../../dns/message.ts";
import { tsigErrors, verifyMessage } from "../../dns/tsig.ts";
import type { TsigKey, TsigVerdict } from "../../dns/tsig.ts";
import { MalformedMessage } from "../../dns/wire.ts";
import type { HostAnswer } from "./service.ts";

export interface DnsReply {
  readonly message: Message;
  readonly verdict: TsigVerdict;
}

export interface Asked {
  readonly id: number;
  readonly key: TsigKey;
  readonly requestMac: Uint8Array;
  readonly nowSeconds: number;
}

/** `undefined` when the octets are no reply to what was asked. */
export function readDnsReply(octets: Uint8Array, asked: Asked): DnsReply | undefined {
  let message: Message;
  try {
    message = readMessage(octets);
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    return undefined;
  }
  const isOurs =
    message.id === asked.id && message.flags.has("qr") && message.opcode === opcodes.UPDATE;
  if (!isOurs) return undefined;
  return { message, verdict: verifyMessage(octets, asked.key, asked) };
}

/**
 * Whether a datagram decides. RFC 8945 §5.4: a reply that is not proved is discarded; TCP, where nobody
 * off the path can put one in, is asked instead.
 */
export function isDecisive(reply: DnsReply): boolean {
  return reply.verdict.kind === "verified" && !reply.message.flags.has("tc");
}

export function judgeDnsReply(reply: DnsReply): HostAnswer {
  const { message, verdict } = reply;
  switch (verdict.kind) {
    case "verified":
      return verdict.error === 0 ? judgeRcode(message.rcode) : judgeTsigError(verdict.error);
    case "unsigned-error":
      return judgeTsigError(verdict.error);
    case "unsigned":
      // REFUSED and NOTAUTH by a server that did not look at the key at all; success is never believed.
      return message.rcode === rcodes.NOERROR
        ? failed("The reply is not signed, and not believed")
        : judgeRcode(message.rcode);
    case "malformed":
      return failed("The TSIG of the reply cannot be read");
    case "failed":
      return failed(`The TSIG of the reply is not right: ${tsigErrorName(verdict.error)}`);
  }
}

/** RFC 8945 §5.4. A wrong clock mends itself when the network is up; a wrong key does not. */
function judgeTsigError(error: number): HostAnswer {
  if (error === tsigErrors.BADTIME) {
    return failed("The server says BADTIME: its clock and ours are too far apart");
  }
  return { kind: "refused", word: tsigErrorName(error) };
}

/** What an administrator has to change, at the server or here. */
const refusing: readonly number[] = [
  rcodes.FORMERR,
  rcodes.NOTIMP,
  rcodes.REFUSED,
  rcodes.NOTAUTH,
  rcodes.NOTZONE,
];

function judgeRcode(rcode: number): HostAnswer {
  if (rcode === rcodes.NOERROR) return { kind: "accepted" };
  const name = Object.entries(rcodes).find(([, code]) => code === rcode)?.[0] ?? `RCODE${rcode}`;
  if (refusing.includes(rcode)) return { kind: "refused", word: name };
  return failed(`The server answers ${name}`);
}

function tsigErrorName(error: number): string {
  return Object.entries(tsigErrors).find(([, code]) => code === error)?.[0] ?? `TSIG ${error}`;
}

function failed(why: string): HostAnswer {
  return { kind: "failed", why, waitMs: undefined };
}
