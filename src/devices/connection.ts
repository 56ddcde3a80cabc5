/**
 * One connection of a device, from its first octet to the end: one request is read, one reply is
 * written in one write, and the socket is closed for both sides.
 *
 * Closing is done in three steps. Bun's `end(data)` closes the descriptor at once, and when the
 * kernel still holds octets that were not read it answers with a reset, which can overtake the reply.
 * So we send our FIN, go on reading for a while what the peer still sends, and close then.
 */

import type { Socket } from "bun";
import { decidePeer } from "../adapters/peer.ts";
import type { DeviceReply, DeviceRequest } from "../adapters/device-request.ts";
import type { Address, Cidr } from "../base/address.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../observe/log.ts";
import { countOne } from "./counts.ts";
import type { DeviceCounts, DeviceLimitName } from "./counts.ts";
import type { Holds } from "./holds.ts";
import type { DeviceLimits } from "./limits.ts";
import { printReply } from "./print-reply.ts";
import { readRequest } from "./read-request.ts";
import type { Reading, ReceivedRequest } from "./read-request.ts";

/** What all connections of a listener share. */
export interface ConnectionParts {
  readonly answer: (request: DeviceRequest) => DeviceReply | Promise<DeviceReply>;
  readonly trustedProxies: readonly Cidr[];
  readonly limits: DeviceLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly counts: DeviceCounts;
  readonly holds: Holds;
  /** Of the listener; rules may ask for it. */
  readonly port: number;
  readonly isTls: boolean;
}

type State =
  | "head" // the head is not complete
  | "silence" // perhaps HTTP/0.9: nothing came after a line without version
  | "body" // the head is there, the body is not
  | "answering" // the service has the request
  | "holding" // the answer waits, so that the device does not repeat at once
  | "writing" // the peer's window is full
  | "lingering" // all is said; what still comes is thrown away
  | "closed";

export class Connection {
  /** As the per-address limit counts it. */
  readonly network: string;
  readonly #socket: Socket<Connection | undefined>;
  readonly #peer: Address;
  readonly #parts: ConnectionParts;
  #state: State = "head";
  #deadlineMs: number;
  readonly #openedAtMs: number;
  #received = "";
  #scannedTo = 0;
  #octetsWanted = 0;
  #method = "GET";
  /** The request that silence would complete. */
  #http09: ReceivedRequest | undefined;
  #unwritten = "";
  #held: Held | undefined;
  #discarded = 0;
  #isPeerDone = false;

  constructor(
    socket: Socket<Connection | undefined>,
    peer: Address,
    network: string,
    parts: ConnectionParts,
  ) {
    this.#socket = socket;
    this.#peer = peer;
    this.network = network;
    this.#parts = parts;
    this.#openedAtMs = parts.clock.monotonicMs();
    this.#deadlineMs = this.#openedAtMs + parts.limits.headMs;
  }

  /** A request was read and its reply has not all left: worth waiting for when the listener closes. */
  get isBusy(): boolean {
    return this.#state === "answering" || this.#state === "writing";
  }

  /** The listener closes: what waits leaves. */
  hurry(): void {
    if (this.#state === "holding") this.#release();
  }

  /** More octets came. */
  take(octets: Buffer): void {
    switch (this.#state) {
      case "head":
      case "silence":
      case "body":
        this.#received += octets.toString("latin1");
        if (this.#received.length >= this.#octetsWanted) this.#read();
        return;
      case "answering":
      case "holding":
      case "writing":
      case "lingering":
        // Never looked at: there is no second request on this connection.
        this.#discard(octets.length);
        return;
      case "closed":
        return;
    }
  }

  /** The peer sent its FIN: it sends no more, and waits for the reply. */
  endOfInput(): void {
    this.#isPeerDone = true;
    switch (this.#state) {
      case "silence":
        this.#answerHttp09();
        return;
      case "head":
      case "body":
        // Half a request is not acted on: its address or name may be half, too.
        if (this.#received === "") this.close();
        else this.#reject(400);
        return;
      case "holding":
        this.#release(); // perhaps it waits, perhaps it has given up: only a write can tell
        return;
      case "lingering":
        this.close();
        return;
      case "answering":
      case "writing":
      case "closed":
        return;
    }
  }

  /** There is room in the peer's window again. */
  drain(): void {
    if (this.#state === "writing") this.#write(this.#unwritten);
  }

  /** Called now and then with the time: acts on the deadline of the present state. */
  watch(nowMs: number): void {
    if (nowMs < this.#deadlineMs) return;
    switch (this.#state) {
      case "head":
        this.#reach("head-deadline");
        if (this.#received === "") this.close();
        else this.#reject(408);
        return;
      case "silence":
        this.#answerHttp09();
        return;
      case "body":
        this.#reach("body-deadline");
        this.#reject(408);
        return;
      case "answering":
        this.#reach("answer-deadline");
        this.#reply(tryLater);
        return;
      case "holding":
        this.#release();
        return;
      case "writing":
        this.#reach("write-deadline");
        this.#socket.terminate();
        return;
      case "lingering":
        this.#reach("linger-deadline");
        this.close();
        return;
      case "closed":
        return;
    }
  }

  /** The socket is gone, whoever closed it. */
  closed(): void {
    const isOver = this.#state === "lingering" || this.#state === "closed";
    const isOwed = this.#received !== "" || this.#held !== undefined;
    if (!isOver && isOwed) this.#parts.counts.abandoned++;
    this.#state = "closed";
    this.#received = "";
    this.#unwritten = "";
    this.#held?.place[Symbol.dispose]();
    this.#held = undefined;
  }

  close(): void {
    this.#socket.end();
  }

  #read(): void {
    const reading = readRequest(this.#received, this.#scannedTo);
    switch (reading.kind) {
      case "request":
        this.#answer(reading.request);
        return;
      case "maybe-http09":
        this.#http09 = reading.request;
        this.#enter("silence", this.#parts.limits.silenceMs);
        return;
      case "more":
        this.#waitFor(reading);
        return;
      case "reject":
        if (reading.limit !== undefined) this.#reach(reading.limit);
        this.#parts.log.debug(
          { peer: this.#peer.text, status: reading.status, why: reading.why },
          "A request of a device was refused",
        );
        this.#reject(reading.status);
        return;
    }
  }

  #waitFor(reading: Extract<Reading, { kind: "more" }>): void {
    this.#scannedTo = reading.scannedTo;
    this.#octetsWanted = reading.octetsWanted;
    if (reading.part === "body") {
      if (this.#state !== "body") this.#enter("body", this.#parts.limits.bodyMs);
      return;
    }
    this.#state = "head";
    this.#deadlineMs = this.#openedAtMs + this.#parts.limits.headMs; // it was not silence
  }

  #answerHttp09(): void {
    if (this.#http09 !== undefined) this.#answer(this.#http09);
  }

  #answer(received: ReceivedRequest): void {
    const { limits, counts, trustedProxies } = this.#parts;
    counts.requests++;
    if (received.version === "HTTP/0.9") counts.http09++;
    this.#method = received.method;
    this.#enter("answering", limits.answerMs);
    const peer = decidePeer(this.#peer, received.headers.get("x-forwarded-for"), trustedProxies);
    try {
      const reply = this.#parts.answer({
        ...received,
        peer,
        isTls: this.#parts.isTls,
        port: this.#parts.port,
      });
      if (!(reply instanceof Promise)) {
        this.#reply(reply);
        return;
      }
      reply.then(
        (later) => this.#replyIfWaiting(later),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  #replyIfWaiting(reply: DeviceReply): void {
    if (this.#state !== "answering") return; // gone, or told to try later
    try {
      this.#reply(reply);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A fault of ours. The device learns only that it may try again. */
  #fail(error: unknown): void {
    const { counts, log } = this.#parts;
    counts.failures++;
    const cause = error instanceof Error ? error : new Error(String(error));
    log.error({ peer: this.#peer.text, error: cause }, "Answering a device failed");
    if (this.#state === "answering") this.#reply(tryLater);
  }

  #reject(status: 400 | 408 | 413 | 431): void {
    countOne(this.#parts.counts.rejected, status);
    this.#reply({ status, contentType: "text/plain", body: "bad request" });
  }

  #reply(reply: DeviceReply): void {
    const octets = printReply(reply, this.#method);
    const { holdMs, status } = reply;
    // Whoever has sent its FIN could leave without our noticing it.
    const place =
      holdMs === undefined || this.#isPeerDone ? undefined : this.#parts.holds.enter(this.#peer);
    if (holdMs === undefined || place === undefined) {
      this.#send(octets, status);
      return;
    }
    this.#held = { octets, status, place };
    this.#received = ""; // it may wait long, and nobody reads it again
    this.#enter("holding", holdMs);
  }

  #release(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    held.place[Symbol.dispose]();
    this.#send(held.octets, held.status);
  }

  #send(octets: string, status: DeviceReply["status"]): void {
    countOne(this.#parts.counts.replies, status);
    this.#enter("writing", this.#parts.limits.writeMs);
    this.#write(octets);
  }

  /** One `write` for the whole reply; only what the window leaves over goes in a second. */
  #write(octets: string): void {
    const written = this.#socket.write(octets);
    if (written < 0) {
      this.#socket.terminate();
      return;
    }
    if (written < octets.length) {
      this.#unwritten = octets.slice(written);
      return;
    }
    this.#unwritten = "";
    this.#received = "";
    this.#enter("lingering", this.#parts.limits.lingerMs);
    this.#socket.shutdown();
    if (this.#isPeerDone) this.close();
  }

  #discard(octets: number): void {
    this.#discarded += octets;
    if (this.#discarded <= this.#parts.limits.lingerOctets) return;
    this.#reach("linger-octets");
    this.#socket.terminate();
  }

  #enter(state: State, forMs: number): void {
    this.#state = state;
    this.#deadlineMs = this.#parts.clock.monotonicMs() + forMs;
  }

  #reach(limit: DeviceLimitName): void {
    countOne(this.#parts.counts.limits, limit);
  }
}

/** An answer that waits. */
interface Held {
  readonly octets: string;
  readonly status: DeviceReply["status"];
  /** Given back when it leaves. */
  readonly place: Disposable;
}

/** For every dialect: the one word that all clients take as "try again later". */
const tryLater: DeviceReply = { status: 503, contentType: "text/plain", body: "dnserr" };
