/** DNS over TCP (RFC 7766): messages behind a two-octet length, many on one connection. */

import type { Socket, TCPSocketListener } from "bun";
import { Admission, printNetwork } from "../base/admission.ts";
import { parseAddress } from "../base/address.ts";
import type { Clock } from "../base/clock.ts";
import { messageOctetsMax } from "../dns/wire.ts";
import type { DnsCounts } from "./dns-counts.ts";
import { OctetQueue } from "./octet-queue.ts";
import { later } from "./respond.ts";
import type { Responder } from "./respond.ts";
import { tcpLimits } from "./tcp-limits.ts";
import type { TcpLimits } from "./tcp-limits.ts";
import { setTime } from "./thread-responder.ts";

/** `::` beside `0.0.0.0`: each family has its own listener. Not declared by `Bun.listen`, but obeyed. */
const ipv6Only = { ipv6Only: true };

/** How often deadlines are looked at. */
const sweepMs = 500;
/** While queries wait for a signature they are looked at this often. */
const waitingLookMs = 2;
const lengthOctets = 2;

interface Connection {
  /** A message that is not whole yet, its length octets included. */
  readonly pending: OctetQueue;
  /** Replies that the system has not taken yet. */
  readonly unsent: OctetQueue;
  readonly peer: string;
  /** As the limit for one address counts it. */
  readonly network: string;
  deadlineMs: number;
  /** Queries that wait for a signature. */
  waiting: number;
  /** The client has sent everything; close when the last reply is out. */
  isEnding: boolean;
}

type TcpSocket = Socket<Connection>;

/** A query that waits for a signature. */
interface Waiting {
  readonly socket: TcpSocket;
  readonly message: Uint8Array;
  readonly untilMs: number;
}

export interface TcpListener extends Disposable {
  readonly port: number;
}

export interface TcpParts {
  readonly hostname: string;
  readonly port: number;
  readonly responder: Responder;
  readonly counts: DnsCounts;
  readonly clock: Clock;
  readonly onFailure: (error: unknown) => void;
  readonly limits?: TcpLimits;
}

export function listenTcp(parts: TcpParts): TcpListener {
  const { responder, counts, clock, onFailure } = parts;
  const limits = parts.limits ?? tcpLimits;
  const open = new Set<TcpSocket>();
  const admission = new Admission(limits);
  let waiting: Waiting[] = [];
  let look: ReturnType<typeof setTimeout> | undefined;
  const framed = new Uint8Array(lengthOctets + messageOctetsMax);
  const replies = framed.subarray(lengthOctets);

  const close = (socket: TcpSocket): void => {
    socket.terminate(); // a reset: nothing lingers for a client that broke a limit
  };

  /** Sends what can be sent now and keeps the rest. False when the client reads too slowly. */
  const send = (socket: TcpSocket, octets: Uint8Array): boolean => {
    const { unsent } = socket.data;
    const sent = unsent.length > 0 ? 0 : Math.max(0, socket.write(octets));
    if (sent < octets.length) unsent.append(octets.subarray(sent));
    return unsent.length <= limits.unsentOctetsMax;
  };

  /** False when the connection is to be closed. */
  const answer = (socket: TcpSocket, message: Uint8Array, untilMs?: number): boolean => {
    let length = 0;
    responder.peer.setText(socket.data.peer);
    setTime(responder);
    try {
      responder.reply = replies;
      length = responder.respond(message, message.length, "tcp");
    } catch (error) {
      counts.add("failures");
      onFailure(error);
    }
    if (length === later) return wait(socket, message, untilMs);
    if (length === 0) {
      counts.add("dropped");
      return false; // whoever sends responses or scraps has nothing more to say
    }
    counts.addReply("tcp", responder.rcode);
    framed[0] = length >> 8;
    framed[1] = length;
    if (send(socket, framed.subarray(0, lengthOctets + length))) return true;
    counts.add("tcpNeverRead");
    return false;
  };

  /** Replies may come in another order than the questions (RFC 7766 §6.2.1.1). */
  const wait = (socket: TcpSocket, message: Uint8Array, given: number | undefined): boolean => {
    if (given === undefined && socket.data.waiting >= limits.waitingMax) return false;
    const untilMs = given ?? responder.nowMs + limits.waitingMs;
    if (responder.nowMs >= untilMs) return false;
    if (given === undefined) counts.add("signatureWaits");
    socket.data.waiting++;
    waiting.push({ socket, message: message.slice(), untilMs });
    look ??= setTimeout(lookAgain, waitingLookMs);
    return true;
  };

  const lookAgain = (): void => {
    look = undefined;
    const now = waiting;
    waiting = [];
    for (const { socket, message, untilMs } of now) {
      if (!open.has(socket)) continue;
      socket.data.waiting--;
      if (!answer(socket, message, untilMs)) close(socket);
      else endIfDone(socket);
    }
  };

  /** A client that has sent everything hears our end when the last reply is out. */
  const endIfDone = (socket: TcpSocket): void => {
    const { isEnding, unsent, waiting: left } = socket.data;
    if (isEnding && unsent.length === 0 && left === 0) socket.end();
  };

  /** Answers the whole messages in `octets`. How many octets that were, or that it must be closed. */
  const answerAll = (socket: TcpSocket, octets: Uint8Array): number | "close" => {
    let at = 0;
    while (octets.length - at >= lengthOctets) {
      const end = at + lengthOctets + ((octets[at]! << 8) | octets[at + 1]!);
      if (end > octets.length) break;
      if (!answer(socket, octets.subarray(at + lengthOctets, end))) return "close";
      at = end;
    }
    return at;
  };

  const listener: TCPSocketListener<Connection> = Bun.listen<Connection>({
    ...ipv6Only,
    hostname: parts.hostname,
    port: parts.port,
    allowHalfOpen: true, // a client may shut its side down and still wait for replies
    socket: {
      open(socket) {
        const peer = socket.remoteAddress;
        const address = parseAddress(peer.replace(/%.*$/, ""));
        socket.data = {
          pending: new OctetQueue(),
          unsent: new OctetQueue(),
          peer,
          network: address === undefined ? "" : printNetwork(address),
          deadlineMs: clock.monotonicMs() + limits.idleMs,
          waiting: 0,
          isEnding: false,
        };
        const admitted = admission.enter(socket.data.network);
        if (admitted !== "admitted") {
          counts.add(admitted === "connections" ? "tcpRefused" : "tcpRefusedPerAddress");
          close(socket);
          return;
        }
        open.add(socket);
        counts.add("tcpAccepted");
        counts.add("tcpOpen");
      },
      data(socket, chunk) {
        if (!open.has(socket)) return;
        const { data } = socket;
        const { pending } = data;
        const hadBegun = pending.length > 0;
        if (hadBegun) pending.append(chunk);
        const taken = answerAll(socket, hadBegun ? pending.octets : chunk);
        if (taken === "close") return close(socket);
        if (hadBegun) pending.drop(taken);
        else if (taken < chunk.length) pending.append(chunk.subarray(taken));
        const isBetween = pending.length === 0;
        // A message that is dribbled does not earn more time with every octet.
        if (isBetween || taken > 0 || !hadBegun) {
          data.deadlineMs = clock.monotonicMs() + (isBetween ? limits.idleMs : limits.messageMs);
        }
      },
      drain(socket) {
        const { data } = socket;
        if (data.unsent.length === 0) return;
        const sent = Math.max(0, socket.write(data.unsent.octets));
        data.unsent.drop(sent);
        if (sent > 0) data.deadlineMs = clock.monotonicMs() + limits.idleMs;
        endIfDone(socket);
      },
      end(socket) {
        socket.data.isEnding = true;
        endIfDone(socket);
      },
      close(socket) {
        if (!open.delete(socket)) return;
        admission.leave(socket.data.network);
        counts.add("tcpOpen", -1);
      },
      error(socket) {
        close(socket);
      },
    },
  });

  const sweep = setInterval(
    () => {
      const now = clock.monotonicMs();
      for (const socket of open) {
        if (socket.data.deadlineMs > now) continue;
        counts.add("tcpTimedOut");
        close(socket);
      }
    },
    Math.min(sweepMs, limits.messageMs),
  );

  return {
    port: listener.port,
    [Symbol.dispose]: () => {
      clearInterval(sweep);
      clearTimeout(look);
      listener.stop(true);
    },
  };
}
