/**
 * A thread that answers UDP and does nothing else: it receives what has come in one system call, answers
 * each, and sends all replies in another. It never returns to an event loop.
 */

import { assert } from "../base/assert.ts";
import { Datagrams } from "./datagrams.ts";
import { DnsCounts } from "./dns-counts.ts";
import { openLibc } from "./libc.ts";
import { ParkedQueries } from "./parked-queries.ts";
import type { Parked } from "./parked-queries.ts";
import { later } from "./respond.ts";
import type { DatagramOrders, ThreadReport } from "./thread-messages.ts";
import { makeFailureReport, makeResponder, setTime } from "./thread-responder.ts";
import { receiveWaitMs, sockaddr4Octets, sockaddrOctets } from "./udp-socket.ts";

declare const self: Worker;

/** While queries wait for a signature the thread looks up this often. */
const parkedLookMs = 1;

/** struct pollfd: a descriptor, then what is waited for and what there is, of 16 bits each. */
const pollWords = 2;
const POLLIN = 1;

self.addEventListener("message", (event: MessageEvent<DatagramOrders>) => answerAll(event.data), {
  once: true,
});

function report(message: ThreadReport): void {
  self.postMessage(message);
}

function answerAll(orders: DatagramOrders): void {
  const libc = openLibc();
  assert(libc !== undefined, "who gives descriptors has the system's library");
  const { sockets } = orders;
  const responder = makeResponder(orders);
  const counts = new DnsCounts(orders.counts);
  const onFailure = makeFailureReport(report);
  const stop = new Int32Array(orders.stop);
  const datagrams = new Datagrams(libc);
  const parked = new ParkedQueries();
  const polled = new Int32Array(sockets.length * pollWords);
  for (const [i, { fd }] of sockets.entries()) polled.set([fd, POLLIN], i * pollWords);

  /** The reply to the message, in the next free buffer. Its octets, 0 for none, or `later`. */
  const respond = (slot: number, message: Uint8Array, length: number, isAgain: boolean): number => {
    const { names, replies, outgoing } = datagrams;
    const at = datagrams.nameAt(slot);
    const isV4 = names[at] === 2; // AF_INET, in the order of octets of the machines that are supported
    responder.peer.set(names, isV4 ? at + 4 : at + 8, isV4 ? 4 : 16);
    responder.reply = replies[outgoing]!;
    try {
      return responder.respond(message, length, "udp", isAgain);
    } catch (error) {
      counts.add("failures");
      onFailure(error);
      return 0;
    }
  };

  const queue = (slot: number, length: number, socket: DatagramOrders["sockets"][number]): void => {
    const nameOctets = socket.family === 4 ? sockaddr4Octets : sockaddrOctets;
    datagrams.answer(slot, length, nameOctets, socket.isWildcard);
    counts.addReply("udp", responder.rcode);
    if (responder.isLimited) counts.add("rateLimited");
  };

  const park = (slot: number, message: Uint8Array, length: number, socket: number): boolean => {
    const kept = parked.add(message, length, responder.nowMs);
    if (kept === undefined) return false;
    const at = datagrams.nameAt(slot);
    for (let i = 0; i < kept.name.length; i++) kept.name[i] = datagrams.names[at + i]!;
    kept.controlLength = sockets[socket]!.isWildcard
      ? datagrams.keepControl(slot, kept.control)
      : 0;
    kept.socket = socket;
    counts.add("signatureWaits");
    return true;
  };

  /** Receives and answers what has come to one socket. Returns how many datagrams that were. */
  const serve = (index: number, waits: boolean): number => {
    const socket = sockets[index]!;
    const received = datagrams.receive(socket.fd, waits, socket.isWildcard);
    if (received === 0) return 0;
    setTime(responder);
    for (let slot = 0; slot < received; slot++) {
      const message = datagrams.received[slot]!;
      const length = datagrams.length(slot);
      // Port 0 cannot be answered, and a datagram from it is forged.
      let octets = datagrams.port(slot) === 0 ? 0 : respond(slot, message, length, false);
      if (octets === later) {
        if (park(slot, message, length, index)) continue;
        octets = responder.cutShort(message);
      }
      if (octets === 0) counts.add(responder.isLimited ? "rateLimited" : "dropped");
      else queue(slot, octets, socket);
    }
    send(socket.fd);
    return received;
  };

  const send = (fd: number): void => {
    if (datagrams.outgoing === 0) return;
    const failed = datagrams.send(fd);
    if (failed > 0) counts.add("sendFailed", failed);
  };

  /** Signatures may have come: who waits is answered, or in the end sent to TCP. */
  const serveParked = (kept: Parked, isLast: boolean): boolean => {
    const socket = sockets[kept.socket]!;
    datagrams.restore(0, kept.name, kept.control, kept.controlLength);
    let octets = respond(0, kept.message, kept.length, true);
    if (octets === later) {
      if (!isLast) return false;
      octets = responder.cutShort(kept.message);
    }
    if (octets !== 0) queue(0, octets, socket);
    send(socket.fd);
    return true;
  };

  report({ kind: "up", bound: [] });
  while (Atomics.load(stop, 0) === 0) {
    if (sockets.length === 1 && parked.count === 0) {
      serve(0, true);
      continue;
    }
    let received = 0;
    for (let index = 0; index < sockets.length; index++) received += serve(index, false);
    if (parked.count > 0) {
      setTime(responder);
      parked.answer(responder.nowMs, serveParked);
    }
    if (received > 0) continue;
    libc.poll(polled, sockets.length, parked.count > 0 ? parkedLookMs : receiveWaitMs);
  }
}
