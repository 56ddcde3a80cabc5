/** Something on the way that bends signatures, over UDP and TCP; keys it lets pass. */

import type { Server } from "../dns/client.ts";
import { frame, openTcpClient, openUdpClient } from "../dns/client.ts";
import { readMessage, writeMessage } from "../../src/dns/message.ts";
import type { MessageRecord } from "../../src/dns/message.ts";
import { types } from "../../src/dns/record-types.ts";

export interface BendingProxy extends Server, AsyncDisposable {
  /** How many messages it has bent. */
  readonly bent: number;
}

const replyMs = 10_000;

export async function openBendingProxy(server: Server): Promise<BendingProxy> {
  let bent = 0;
  const bend = (reply: Uint8Array): Uint8Array => {
    const message = readMessage(reply);
    const answers = message.answers.map(bendSignature);
    const authority = message.authority.map(bendSignature);
    const isBent =
      answers.some((record, i) => record !== message.answers[i]) ||
      authority.some((record, i) => record !== message.authority[i]);
    if (!isBent) return reply;
    bent++;
    return writeMessage({ ...message, answers, authority });
  };
  const listenUdp = () =>
    Bun.udpSocket({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        async data(socket, query, port, address) {
          // A socket for each: two resolvers' queries may have the same ID.
          using upstream = await openUdpClient(server);
          const reply = await upstream.ask(Uint8Array.from(query), replyMs);
          if (reply !== undefined) socket.send(bend(reply), port, address);
        },
      },
    });
  const listenTcp = (port: number) =>
    Bun.listen({
      hostname: "127.0.0.1",
      port,
      socket: {
        async data(socket, query) {
          using client = await openTcpClient(server);
          client.write(query); // queries are short: each comes whole
          const reply = await client.read(replyMs);
          if (typeof reply !== "string") socket.write(frame(bend(reply)));
        },
      },
    });
  const { udp, tcp } = await listenBoth(listenUdp, listenTcp);
  return {
    hostname: "127.0.0.1",
    port: udp.port,
    get bent() {
      return bent;
    },
    [Symbol.asyncDispose]: async () => {
      udp.close();
      tcp.stop(true);
      await Promise.resolve();
    },
  };
}

/** The port that is free for datagrams may be taken for connections: then another is tried. */
async function listenBoth<Udp extends { readonly port: number; close(): void }, Tcp>(
  listenUdp: () => Promise<Udp>,
  listenTcp: (port: number) => Tcp,
): Promise<{ udp: Udp; tcp: Tcp }> {
  for (let tries = 5; ; tries--) {
    const udp = await listenUdp();
    try {
      return { udp, tcp: listenTcp(udp.port) };
    } catch (error) {
      udp.close();
      if (tries === 1) throw error;
    }
  }
}

function bendSignature(record: MessageRecord): MessageRecord {
  const covered = ((record.rdata[0] ?? 0) << 8) | (record.rdata[1] ?? 0);
  if (record.type !== types.RRSIG || covered === types.DNSKEY || covered === types.DS)
    return record;
  const rdata = record.rdata.slice();
  rdata[rdata.length - 1]! ^= 1;
  return { ...record, rdata };
}
