/** DNS over UDP: a datagram in, a datagram out (RFC 1035 §4.2.1). */

import type { DnsCounts } from "./dns-counts.ts";
import type { Responder } from "./respond.ts";

export interface UdpListener extends Disposable {
  readonly port: number;
}

export interface UdpParts {
  readonly hostname: string;
  readonly port: number;
  readonly responder: Responder;
  readonly counts: DnsCounts;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Without it `::` takes IPv4 as well, and `0.0.0.0` beside it is "in use". `Bun.udpSocket` takes the
 * flag from `node:dgram` and does not declare it; a test listens on both.
 */
const ipv6Only = { flags: 8 };

export async function listenUdp(parts: UdpParts): Promise<UdpListener> {
  const { responder, counts, onFailure } = parts;
  // One view for each length of a reply, made when it is first needed: none is made for each reply.
  const views: (Uint8Array | undefined)[] = [];
  const socket = await Bun.udpSocket({
    ...(parts.hostname.includes(":") ? ipv6Only : {}),
    hostname: parts.hostname,
    port: parts.port,
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
          const reply = (views[length] ??= responder.reply.subarray(0, length));
          // False: the socket's buffer is full. A lost datagram is asked for again.
          if (!self.send(reply, fromPort, fromAddress)) counts.add("sendFailed");
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
