/** DNS over TCP (RFC 7766): messages behind a two-octet length, many on one connection. */

import type { Socket, TCPSocketListener } from "bun";
import type { Clock } from "../base/clock.ts";
import type { DnsCounts } from "./dns-counts.ts";
import { messageOctetsMax } from "./respond.ts";
import type { Responder } from "./respond.ts";

export interface TcpLimits {
  /** Open connections of one thread. Above it a new one is closed at once. */
  readonly connectionsMax: number;
  /** A connection without traffic is closed after this (RFC 7766 §6.2.3; Knot's default). */
  readonly idleMs: number;
  /** A message that has begun must be whole after this. */
  readonly messageMs: number;
  /** Replies that the client does not read: above it the connection is closed (CVE-2024-0760). */
  readonly unsentOctetsMax: number;
}

export const tcpLimits: TcpLimits = {
  connectionsMax: 1_000,
  idleMs: 10_000,
  messageMs: 5_000,
  unsentOctetsMax: 128 * 1024,
};

/** How often deadlines are looked at. */
const sweepMs = 500;
const lengthOctets = 2;

interface Connection {
  /** Octets of a message that is not whole yet, its length octets included. */
  pending: Uint8Array;
  /** Replies that the system has not taken yet. */
  unsent: Uint8Array;
  deadlineMs: number;
  /** The client has sent everything; close when the last reply is out. */
  isEnding: boolean;
}

type TcpSocket = Socket<Connection>;

export interface TcpListener extends Disposable {
  readonly port: number;
}

const nothing = new Uint8Array(0);

export function listenTcp(
  hostname: string,
  port: number,
  responder: Responder,
  counts: DnsCounts,
  clock: Clock,
  onFailure: (error: unknown) => void,
  limits: TcpLimits = tcpLimits,
): TcpListener {
  const open = new Set<TcpSocket>();
  const framed = new Uint8Array(lengthOctets + messageOctetsMax);

  const close = (socket: TcpSocket): void => {
    socket.terminate(); // a reset: nothing lingers for a client that broke a limit
  };

  /** Sends what can be sent now and keeps the rest. False when the client reads too slowly. */
  const send = (socket: TcpSocket, octets: Uint8Array): boolean => {
    const { data } = socket;
    if (data.unsent.length > 0) {
      data.unsent = joined(data.unsent, octets);
    } else {
      const sent = Math.max(0, socket.write(octets));
      if (sent < octets.length) data.unsent = octets.slice(sent);
    }
    return data.unsent.length <= limits.unsentOctetsMax;
  };

  /** False when the connection is to be closed. */
  const answer = (socket: TcpSocket, message: Uint8Array): boolean => {
    let length = 0;
    try {
      length = responder.respond(message, message.length, "tcp");
    } catch (error) {
      counts.add("failures");
      onFailure(error);
    }
    if (length === 0) {
      counts.add("dropped");
      return false; // whoever sends responses or scraps has nothing more to say
    }
    counts.addReply("tcp", responder.rcode);
    framed[0] = length >> 8;
    framed[1] = length;
    framed.set(responder.reply.subarray(0, length), lengthOctets);
    if (send(socket, framed.subarray(0, lengthOctets + length))) return true;
    counts.add("tcpNeverRead");
    return false;
  };

  const listener: TCPSocketListener<Connection> = Bun.listen<Connection>({
    hostname,
    port,
    allowHalfOpen: true, // a client may shut its side down and still wait for replies
    socket: {
      open(socket) {
        socket.data = {
          pending: nothing,
          unsent: nothing,
          deadlineMs: clock.monotonicMs() + limits.idleMs,
          isEnding: false,
        };
        if (open.size >= limits.connectionsMax) {
          counts.add("tcpRefused");
          close(socket);
          return;
        }
        open.add(socket);
        counts.add("tcpAccepted");
        counts.add("tcpOpen");
      },
      data(socket, chunk) {
        const { data } = socket;
        if (!open.has(socket)) return;
        const octets = data.pending.length === 0 ? chunk : joined(data.pending, chunk);
        let at = 0;
        while (octets.length - at >= lengthOctets) {
          const end = at + lengthOctets + ((octets[at]! << 8) | octets[at + 1]!);
          if (end > octets.length) break;
          if (!answer(socket, octets.subarray(at + lengthOctets, end))) return close(socket);
          at = end;
        }
        const isBetween = at === octets.length;
        // A message that is dribbled does not earn more time with every octet.
        if (isBetween || at > 0 || data.pending.length === 0) {
          data.deadlineMs = clock.monotonicMs() + (isBetween ? limits.idleMs : limits.messageMs);
        }
        data.pending = isBetween ? nothing : octets.slice(at);
      },
      drain(socket) {
        const { data } = socket;
        if (data.unsent.length === 0) return;
        const sent = Math.max(0, socket.write(data.unsent));
        data.unsent = data.unsent.subarray(sent);
        if (sent > 0) data.deadlineMs = clock.monotonicMs() + limits.idleMs;
        if (data.unsent.length === 0 && data.isEnding) socket.end();
      },
      end(socket) {
        socket.data.isEnding = true;
        if (socket.data.unsent.length === 0) socket.end();
      },
      close(socket) {
        if (open.delete(socket)) counts.add("tcpOpen", -1);
      },
      error(socket) {
        close(socket);
      },
    },
  });

  const sweep = setInterval(() => {
    const now = clock.monotonicMs();
    for (const socket of open) {
      if (socket.data.deadlineMs > now) continue;
      counts.add("tcpTimedOut");
      close(socket);
    }
  }, sweepMs);

  return {
    port: listener.port,
    [Symbol.dispose]: () => {
      clearInterval(sweep);
      listener.stop(true);
    },
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
