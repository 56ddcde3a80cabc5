/** A name server whose every reply is given by the test, over UDP and TCP on one port. */

import { frame } from "../dns/client.ts";

/** The reply to a request, or silence. */
export type Answer = (request: Uint8Array) => Uint8Array | undefined;

export interface FakeNameServer extends Disposable {
  readonly port: number;
  readonly asked: { udp: number; tcp: number };
}

export async function openFakeNameServer(
  udp: Answer,
  tcp: Answer,
  hostname = "127.0.0.1",
): Promise<FakeNameServer> {
  const asked = { udp: 0, tcp: 0 };
  const listener = Bun.listen({
    hostname,
    port: 0,
    socket: {
      data(socket, chunk) {
        asked.tcp++;
        const reply = tcp(Uint8Array.from(chunk.subarray(2)));
        if (reply !== undefined) socket.write(frame(reply));
      },
      error: () => undefined,
    },
  });
  const socket = await Bun.udpSocket({
    hostname,
    port: listener.port,
    socket: {
      data(self, datagram, port, address) {
        asked.udp++;
        const reply = udp(Uint8Array.from(datagram));
        if (reply !== undefined) self.send(reply, port, address);
      },
    },
  });
  return {
    port: listener.port,
    asked,
    [Symbol.dispose]() {
      socket.close();
      listener.stop(true);
    },
  };
}
