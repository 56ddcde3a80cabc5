/** Asks a name server until it answers: that is when it is up. */

import { parseName } from "../src/dns/name.ts";
import { makeQuery, readMessage, rcodes, writeMessage } from "../src/dns/message.ts";
import { types } from "../src/dns/record-types.ts";

/** A server that has a million names to load may take its time. */
const startMs = 120_000;
const againMs = 5;

/** Resolves with the first answer that holds an A record of the name. */
export async function askUntilAnswered(port: number, name: string): Promise<void> {
  const query = writeMessage(makeQuery(parseName(`${name}.`)!, types.A, { id: 1 }));
  const answered = Promise.withResolvers<void>();
  const socket = await Bun.udpSocket({
    connect: { hostname: "127.0.0.1", port },
    socket: {
      data(_socket, datagram) {
        const reply = readMessage(datagram);
        if (reply.rcode === rcodes.NOERROR && reply.answers.length > 0) answered.resolve();
      },
      error: () => undefined, // nobody listens there yet
    },
  });
  const timer = setInterval(() => socket.send(query), againMs);
  const deadline = setTimeout(() => answered.reject(new Error(`No answer for ${name}`)), startMs);
  try {
    socket.send(query);
    await answered.promise;
  } finally {
    clearInterval(timer);
    clearTimeout(deadline);
    socket.close();
  }
}
