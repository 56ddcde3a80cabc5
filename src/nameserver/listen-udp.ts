/** DNS over UDP by the runtime's own socket: where datagrams cannot be read many at a time. */

import type { DnsCounts } from "./dns-counts.ts";
import { ParkedQueries } from "./parked-queries.ts";
import type { Parked } from "./parked-queries.ts";
import { later } from "./respond.ts";
import type { Responder } from "./respond.ts";
import { setTime } from "./thread-responder.ts";

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

/** While queries wait for a signature they are looked at this often. */
const parkedLookMs = 2;

export async function listenUdp(parts: UdpParts): Promise<UdpListener> {
  const { responder, counts, onFailure } = parts;
  // One view for each length of a reply, made when it is first needed: none is made for each reply.
  const replies = responder.reply;
  const views: (Uint8Array | undefined)[] = [];
  const parked = new ParkedQueries();
  const senders = new Map<Parked, { readonly port: number; readonly address: string }>();
  let look: ReturnType<typeof setTimeout> | undefined;

  const respond = (message: Uint8Array, length: number, from: string, isAgain: boolean): number => {
    responder.peer.setText(from);
    responder.reply = replies;
    setTime(responder);
    try {
      return responder.respond(message, length, "udp", isAgain);
    } catch (error) {
      counts.add("failures");
      onFailure(error);
      return 0;
    }
  };
  const send = (length: number, port: number, address: string): void => {
    counts.addReply("udp", responder.rcode);
    if (responder.isLimited) counts.add("rateLimited");
    try {
      const reply = (views[length] ??= replies.subarray(0, length));
      // False: the socket's buffer is full. A lost datagram is asked for again.
      if (!socket.send(reply, port, address)) counts.add("sendFailed");
    } catch {
      counts.add("sendFailed"); // no route to the sender: its trouble, not ours
    }
  };
  const park = (message: Uint8Array, port: number, address: string): boolean => {
    const kept = parked.add(message, message.length, responder.nowMs);
    if (kept === undefined) return false;
    senders.set(kept, { port, address });
    counts.add("signatureWaits");
    look ??= setTimeout(lookAgain, parkedLookMs);
    return true;
  };
  const lookAgain = (): void => {
    look = undefined;
    setTime(responder);
    parked.answer(responder.nowMs, (kept, isLast) => {
      const { port, address } = senders.get(kept)!;
      let length = respond(kept.message, kept.length, address, true);
      if (length === later) {
        if (!isLast) return false;
        length = responder.cutShort(kept.message);
      }
      if (length !== 0) send(length, port, address);
      return true;
    });
    if (parked.count > 0) look = setTimeout(lookAgain, parkedLookMs);
  };

  const socket = await Bun.udpSocket({
    ...(parts.hostname.includes(":") ? ipv6Only : {}),
    hostname: parts.hostname,
    port: parts.port,
    socket: {
      data(_socket, message, fromPort, fromAddress) {
        // Port 0 cannot be answered, and a datagram from it is forged.
        if (fromPort === 0) return counts.add("dropped");
        let length = respond(message, message.length, fromAddress, false);
        if (length === later) {
          if (park(message, fromPort, fromAddress)) return;
          length = responder.cutShort(message);
        }
        if (length === 0) return counts.add(responder.isLimited ? "rateLimited" : "dropped");
        send(length, fromPort, fromAddress);
      },
      error() {
        counts.add("sendFailed"); // an ICMP error for an earlier reply
      },
    },
  });
  return {
    port: socket.port,
    [Symbol.dispose]: () => {
      clearTimeout(look);
      socket.close();
    },
  };
}
