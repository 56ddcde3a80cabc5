/** Asks a name server until it answers. */

import { parseName } from "../src/dns/name.ts";
import { makeQuery, readMessage, rcodes, writeMessage } from "../src/dns/message.ts";
import type { Edns, Message } from "../src/dns/message.ts";
import { types } from "../src/dns/record-types.ts";

/** A server that has a million names to load may take its time. */
const startMs = 120_000;
const againMs = 5;

/** Resolves with the first answer that holds an A record of the name: then the server is up. */
export async function askUntilAnswered(port: number, name: string): Promise<void> {
  await askUntil(port, name, undefined, isAnswer);
}

/** Resolves with the first reply that is wanted. */
export async function askUntil(
  port: number,
  name: string,
  edns: Partial<Edns> | undefined,
  isWanted: (reply: Message) => boolean,
): Promise<Message> {
  const options = edns === undefined ? { id: 1 } : { id: 1, edns };
  const query = writeMessage(makeQuery(parseName(`${name}.`)!, types.A, options));
  const answered = Promise.withResolvers<Message>();
  const socket = await Bun.udpSocket({
    connect: { hostname: "127.0.0.1", port },
    socket: {
      data(_socket, datagram) {
        const reply = readMessage(datagram);
        if (isWanted(reply)) answered.resolve(reply);
      },
      error: () => undefined, // nobody listens there yet
    },
  });
  const timer = setInterval(() => socket.send(query), againMs);
  const deadline = setTimeout(() => answered.reject(new Error(`No answer for ${name}`)), startMs);
  try {
    socket.send(query);
    return await answered.promise;
  } finally {
    clearInterval(timer);
    clearTimeout(deadline);
    socket.close();
  }
}

function isAnswer(reply: Message): boolean {
  return reply.rcode === rcodes.NOERROR && reply.answers.length > 0;
}
