/** One question to a name server that the operator has named: over UDP, and over TCP when the answer is cut. */

import { createSocket } from "node:dgram";
import { connect } from "node:net";

import { systemChance } from "../base/chance.ts";
import { parseAddress } from "../base/address.ts";
import { parseListenAddress } from "../config/listen-address.ts";
import { makeQuery, readMessage, writeMessage } from "../dns/message.ts";
import type { Message } from "../dns/message.ts";
import type { Name } from "../dns/name.ts";
import { MalformedMessage, messageOctetsMax } from "../dns/wire.ts";

export interface DnsServer {
  readonly hostname: string;
  readonly port: number;
}

const dnsPort = 53;
/** A resolver that has to ask around needs seconds; a lost datagram shall not end the command. */
const waitMs = 3_000;
const triesMax = 3;

/** `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`. */
export function parseDnsServer(text: string): DnsServer | undefined {
  const alone = parseAddress(text);
  if (alone !== undefined) return { hostname: alone.text, port: dnsPort };
  const listen = parseListenAddress(text);
  if (listen === undefined || listen.port === 0) return undefined;
  return { hostname: listen.hostname, port: listen.port };
}

/** `undefined` when no answer came. */
export async function askDns(
  server: DnsServer,
  name: Name,
  type: number,
): Promise<Message | undefined> {
  const [high = 0, low = 0] = systemChance.octets(2);
  // CD: what the parent says is wanted also while validation fails (RFC 4035 §3.2.2).
  const query = makeQuery(name, type, {
    id: high * 0x100 + low,
    flags: ["rd", "cd"],
    edns: { isDnssecOk: true },
  });
  const octets = writeMessage(query);
  for (let tries = 0; tries < triesMax; tries++) {
    const reply = await exchange(askByUdp, server, octets, query);
    if (reply === undefined) continue;
    return reply.flags.has("tc") ? exchange(askByTcp, server, octets, query) : reply;
  }
  return undefined;
}

/** Gives octets that came back to `take`, until that says it was the reply. Returns how to end it. */
type Transport = (
  server: DnsServer,
  octets: Uint8Array,
  take: (octets: Uint8Array) => void,
  fail: () => void,
) => () => void;

async function exchange(
  ask: Transport,
  server: DnsServer,
  octets: Uint8Array,
  query: Message,
): Promise<Message | undefined> {
  const answered = Promise.withResolvers<Message | undefined>();
  const timer = setTimeout(() => answered.resolve(undefined), waitMs);
  const end = ask(
    server,
    octets,
    (received) => {
      const reply = parseReply(received, query);
      if (reply !== undefined) answered.resolve(reply);
    },
    () => answered.resolve(undefined),
  );
  const reply = await answered.promise;
  clearTimeout(timer);
  end();
  return reply;
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

const askByUdp: Transport = (server, octets, take, fail) => {
  const socket = createSocket(server.hostname.includes(":") ? "udp6" : "udp4");
  socket.on("error", fail);
  socket.on("message", (message) => take(message));
  // Connected, so that the kernel takes replies of this server only.
  socket.connect(server.port, server.hostname, () => socket.send(octets));
  return () => socket.close();
};

/** RFC 1035 §4.2.2: two octets of length in front. */
const askByTcp: Transport = (server, octets, take, fail) => {
  let received = Buffer.alloc(0);
  const socket = connect({ host: server.hostname, port: server.port });
  socket.on("error", fail);
  socket.on("end", fail);
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
