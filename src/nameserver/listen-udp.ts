/** DNS over UDP: a datagram in, a datagram out (RFC 1035 §4.2.1). */

import type { DnsCounts } from "./dns-counts.ts";
import type { Responder } from "./respond.ts";

export interface UdpListener extends Disposable {
  readonly port: number;
}

export async function listenUdp(
  hostname: string,
  port: number,
  responder: Responder,
  counts: DnsCounts,
  onFailure: (error: unknown) => void,
): Promise<UdpListener> {
  const socket = await Bun.udpSocket({
    hostname,
    port,
    socket: {
      data(self, message, fromPort, fromAddress) {
        // Port 0 cannot be answered, and a datagram from it is forged.
        if (fromPort === 0) return counts.add("dropped");
        let length = 0;
        try {
          length = responder.respond(message, message.length, "udp");
        } catch (error) {
          counts.add("failures");
          onFailure(error);
        }
        if (length === 0) return counts.add("dropped");
        counts.addReply("udp", responder.rcode);
        try {
          // False: the socket's buffer is full. A lost datagram is asked for again.
          const isSent = self.send(responder.reply.subarray(0, length), fromPort, fromAddress);
          if (!isSent) counts.add("sendFailed");
        } catch {
          counts.add("sendFailed"); // no route to the sender: its trouble, not ours
        }
      },
      error() {
        counts.add("sendFailed"); // an ICMP error for an earlier reply
      },
    },
  });
  return {
    port: socket.port,
    [Symbol.dispose]: () => socket.close(),
  };
}
