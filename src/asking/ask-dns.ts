/** One question to a name server of others, over UDP, over TCP, or as a resolver asks: over UDP, and over TCP when the answer is cut. */

import { createSocket } from "node:dgram";
import { connect } from "node:net";

import { systemChance } from "../base/chance.ts";
import { makeQuery, readMessage, writeMessage } from "../dns/message.ts";
import type { Flag, Message } from "../dns/message.ts";
import type { Name } from "../dns/name.ts";
import { MalformedMessage, messageOctetsMax } from "../dns/wire.ts";

export interface DnsServer {
  readonly hostname: string;
  readonly port: number;
}

export const dnsPort = 53;

export type Transport = "udp" | "tcp";

export interface DnsQuestion {
  readonly name: Name;
  readonly type: number;
  /** `rd`: of a resolver. `cd`: also what does not validate (RFC 4035 §3.2.2). */
  readonly flags: readonly Flag[];
}

/** How long one try waits, and how many there are over UDP: a lost datagram shall not decide. */
export interface Patience {
  readonly waitMs: number;
  readonly triesMax: number;
}

/** A resolver that has to ask around needs seconds. */
const patient: Patience = { waitMs: 3_000, triesMax: 3 };

export type Asked =
  | { readonly kind: "reply"; readonly message: Message }
  /** Nothing came in time, or nothing that was a reply. */
  | { readonly kind: "silence" }
  /** The machine is there and says that nothing listens, or closes the connection. */
  | { readonly kind: "refused" }
  /** No way leads there from here. */
  | { readonly kind: "unreachable" };

/** As a resolver asks. */
export async function askDns(
  server: DnsServer,
  question: DnsQuestion,
  patience = patient,
): Promise<Asked> {
  const asked = await askOver("udp", server, question, patience);
  const isCut = asked.kind === "reply" && asked.message.flags.has("tc");
  return isCut ? askOver("tcp", server, question, patience) : asked;
}

export async function askOver(
  transport: Transport,
  server: DnsServer,
  { name, type, flags }: DnsQuestion,
  { waitMs, triesMax } = patient,
): Promise<Asked> {
  const [high = 0, low = 0] = systemChance.octets(2);
  const query = makeQuery(name, type, {
    id: high * 0x100 + low,
    flags,
    edns: { isDnssecOk: true },
  });
  const octets = writeMessage(query);
  const send = transport === "udp" ? sendByUdp : sendByTcp;
  let asked: Asked = { kind: "silence" };
  for (let tries = 0; tries < (transport === "udp" ? triesMax : 1); tries++) {
    asked = await exchange(send, server, octets, query, waitMs);
    if (asked.kind !== "silence") return asked;
  }
  return asked;
}

/** Gives octets that came back to `take`, until that says it was the reply. Returns how to end it. */
type Send = (
  server: DnsServer,
  octets: Uint8Array,
  take: (octets: Uint8Array) => void,
  fail: (code: string | undefined) => void,
) => () => void;

async function exchange(
  send: Send,
  server: DnsServer,
  octets: Uint8Array,
  query: Message,
  waitMs: number,
): Promise<Asked> {
  const answered = Promise.withResolvers<Asked>();
  const timer = setTimeout(() => answered.resolve({ kind: "silence" }), waitMs);
  const end = send(
    server,
    octets,
    (received) => {
      const message = parseReply(received, query);
      if (message !== undefined) answered.resolve({ kind: "reply", message });
    },
    (code) => answered.resolve({ kind: kindOf(code) }),
  );
  const asked = await answered.promise;
  clearTimeout(timer);
  end();
  return asked;
}

function kindOf(code: string | undefined): "refused" | "unreachable" | "silence" {
  switch (code) {
    case "ECONNREFUSED":
    case "ECONNRESET":
      return "refused";
    case "ENETUNREACH":
    case "EHOSTUNREACH":
    case "EADDRNOTAVAIL":
    case "EAFNOSUPPORT":
      return "unreachable";
    default:
      return "silence";
  }
}

/** RFC 5452 §9.1: the reply has the ID and the question that was asked. */
function parseReply(octets: Uint8Array, query: Message): Message | undefined {
  try {
    const reply = readMessage(octets);
    const [asked, told] = [query.questions[0]!, reply.questions[0]];
    const isOurs = reply.id === query.id && reply.flags.has("qr") && told !== undefined;
    return isOurs && told.type === asked.type && told.name.isSame(asked.name) ? reply : undefined;
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
}

const sendByUdp: Send = (server, octets, take, fail) => {
  const socket = createSocket(server.hostname.includes(":") ? "udp6" : "udp4");
  socket.on("error", (error: NodeJS.ErrnoException) => fail(error.code));
  socket.on("message", (message) => take(message));
  // Connected, so that the kernel takes replies of this server only.
  socket.connect(server.port, server.hostname, () => socket.send(octets));
  return () => socket.close();
};

/** RFC 1035 §4.2.2: two octets of length in front. */
const sendByTcp: Send = (server, octets, take, fail) => {
  let received = Buffer.alloc(0);
  const socket = connect({ host: server.hostname, port: server.port });
  socket.on("error", (error: NodeJS.ErrnoException) => fail(error.code));
  socket.on("end", () => fail("ECONNRESET"));
  socket.on("connect", () => {
    const length = Uint8Array.of(octets.length >> 8, octets.length);
    socket.write(Buffer.concat([length, octets]));
  });
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]).subarray(0, 2 + messageOctetsMax);
    if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
    take(received.subarray(2, 2 + received.readUInt16BE(0)));
  });
  return () => socket.destroy();
};
