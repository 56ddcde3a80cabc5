/** One DNS question over UDP or TCP, as a resolver asks it. */

import { makeQuery, readMessage, writeMessage } from "../../src/dns/message.ts";
import type { Message } from "../../src/dns/message.ts";
import { parseName } from "../../src/dns/name.ts";
import { typeCode } from "../../src/dns/record-types.ts";
import type { Listener } from "../server.ts";

export type Transport = "udp" | "tcp";

/** A datagram can be lost on a loaded machine, so a question is asked again before it counts. */
const tries = 5;
const answerMs = 3_000;

export async function ask(
  listener: Listener,
  transport: Transport,
  nameText: string,
  typeText: string,
): Promise<Message> {
  const name = parseName(nameText);
  const type = typeCode(typeText);
  if (name === undefined || type === undefined)
    throw new Error(`Not a question: ${nameText} ${typeText}`);
  const id = crypto.getRandomValues(new Uint16Array(1))[0] ?? 0;
  const query = writeMessage(makeQuery(name, type, { id, edns: {} }));
  for (let i = 0; i < tries; i++) {
    const octets = await (transport === "udp" ? askUdp : askTcp)(listener, query);
    if (octets === undefined) continue;
    const message = readMessage(octets);
    if (message.id !== id || !message.flags.has("qr"))
      throw new Error("Not an answer to this question");
    return message;
  }
  throw new Error(`No answer over ${transport} to ${tries} questions of ${answerMs} ms each`);
}

async function askUdp(listener: Listener, query: Uint8Array): Promise<Uint8Array | undefined> {
  const answered = Promise.withResolvers<Uint8Array | undefined>();
  const socket = await Bun.udpSocket({
    connect: listener,
    socket: { data: (_, datagram) => answered.resolve(Uint8Array.from(datagram)) },
  });
  const deadline = setTimeout(() => answered.resolve(undefined), answerMs);
  socket.send(query);
  const octets = await answered.promise;
  clearTimeout(deadline);
  socket.close();
  return octets;
}

/** RFC 1035 §4.2.2: two octets of length before every message. */
async function askTcp(listener: Listener, query: Uint8Array): Promise<Uint8Array | undefined> {
  const answered = Promise.withResolvers<Uint8Array | undefined>();
  let received = Buffer.alloc(0);
  const socket = await Bun.connect({
    ...listener,
    socket: {
      data: (_, chunk) => {
        received = Buffer.concat([received, chunk]);
        if (received.length < 2) return;
        const length = received.readUInt16BE(0);
        if (received.length >= 2 + length) answered.resolve(received.subarray(2, 2 + length));
      },
      close: () => answered.resolve(undefined),
    },
  });
  const deadline = setTimeout(() => answered.resolve(undefined), answerMs);
  const framed = Buffer.alloc(2 + query.length);
  framed.writeUInt16BE(query.length);
  framed.set(query, 2);
  socket.write(framed);
  const octets = await answered.promise;
  clearTimeout(deadline);
  socket.end();
  return octets;
}
