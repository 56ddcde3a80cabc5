/** Listeners for talks of lines over TCP: GnuDIP, ODS. A few hundred octets and a few seconds each. */

import type { Socket } from "bun";
import { parseSocketAddress } from "../adapters/peer.ts";
import type { Said, Talk } from "../adapters/talk.ts";
import type { Address } from "../base/address.ts";
import { Admission, printNetwork } from "../base/admission.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../observe/log.ts";
import { countOne } from "./counts.ts";
import type { DeviceCounts } from "./counts.ts";

export interface TalkLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** From the connection to its end. */
  readonly wholeMs: number;
  /** Of one line. */
  readonly lineOctets: number;
  readonly lines: number;
  /** What is read and thrown away behind the last word. */
  readonly lingerMs: number;
}

export const talkLimits: TalkLimits = {
  connections: 1_000,
  connectionsPerAddress: 100,
  wholeMs: 30_000, // ez-ipupdate waits so long for one line
  lineOctets: 1_024,
  lines: 100, // ODS takes three a host
  lingerMs: 1_000,
};

export interface TalkListenerOptions {
  readonly hostname: string;
  /** 0: any free port. */
  readonly port: number;
  readonly begin: (peer: Address) => Talk;
  readonly clock: Clock;
  readonly log: Log;
  readonly counts: DeviceCounts;
  readonly limits?: Partial<TalkLimits>;
}

export interface TalkListener extends AsyncDisposable {
  readonly hostname: string;
  readonly port: number;
}

const sweepMs = 100;

/** Rejects when the address cannot be bound. */
export async function listenTalks(options: TalkListenerOptions): Promise<TalkListener> {
  const { counts, clock, log } = options;
  const limits: TalkLimits = { ...talkLimits, ...options.limits };
  const admission = new Admission(limits);
  const open = new Set<TalkConnection>();

  const server = Bun.listen<TalkConnection | undefined>({
    hostname: options.hostname,
    port: options.port,
    allowHalfOpen: true,
    socket: {
      open(socket) {
        counts.accepted++;
        socket.data = undefined;
        const peer = parseSocketAddress(socket.remoteAddress);
        if (peer === undefined) return socket.terminate();
        const network = printNetwork(peer);
        const admitted = admission.enter(network);
        if (admitted !== "admitted") {
          countOne(counts.limits, admitted);
          return socket.terminate();
        }
        const connection = new TalkConnection(socket, network, options.begin(peer), limits, clock);
        socket.data = connection;
        open.add(connection);
        counts.open++;
        connection.greet();
      },
      data: (socket, octets) => socket.data?.take(octets.toString("latin1")),
      end: (socket) => socket.data?.endOfInput(),
      error: (socket) => socket.terminate(),
      close(socket) {
        const connection = socket.data;
        if (connection === undefined || !open.delete(connection)) return;
        connection.closed();
        admission.leave(connection.network);
        counts.open--;
      },
    },
  });
  const sweep = setInterval(() => {
    const nowMs = clock.monotonicMs();
    for (const connection of open) connection.watch(nowMs, counts, log);
  }, sweepMs);
  return {
    hostname: server.hostname,
    port: server.port,
    async [Symbol.asyncDispose]() {
      clearInterval(sweep);
      server.stop(true);
    },
  };
}

class TalkConnection {
  readonly network: string;
  readonly #socket: Socket<TalkConnection | undefined>;
  readonly #talk: Talk;
  readonly #limits: TalkLimits;
  readonly #clock: Clock;
  #deadlineMs: number;
  #unread = "";
  #lines = 0;
  #isAnswering = false;
  #isPeerDone = false;
  #isOver = false;
  #failure: unknown;

  constructor(
    socket: Socket<TalkConnection | undefined>,
    network: string,
    talk: Talk,
    limits: TalkLimits,
    clock: Clock,
  ) {
    this.#socket = socket;
    this.network = network;
    this.#talk = talk;
    this.#limits = limits;
    this.#clock = clock;
    this.#deadlineMs = clock.monotonicMs() + limits.wholeMs;
  }

  greet(): void {
    this.#say({ text: this.#talk.greeting, isLast: false });
  }

  take(octets: string): void {
    if (this.#isOver) return;
    this.#unread += octets;
    this.#next();
  }

  endOfInput(): void {
    this.#isPeerDone = true;
    // Behind the last line of a client that does not wait there may be no line end.
    if (!this.#isOver && this.#unread !== "" && !this.#unread.includes("\n")) this.#unread += "\n";
    this.#next();
    if (!this.#isAnswering) this.#socket.end();
  }

  watch(nowMs: number, counts: DeviceCounts, log: Log): void {
    if (this.#failure !== undefined) {
      counts.failures++;
      const error = this.#failure instanceof Error ? this.#failure : new Error("It threw no error");
      log.error({ error }, "Talking with a device failed");
      this.#failure = undefined;
      this.#socket.terminate();
      return;
    }
    if (nowMs < this.#deadlineMs) return;
    countOne(counts.limits, this.#isOver ? "linger-deadline" : "body-deadline");
    this.#socket.terminate();
  }

  closed(): void {
    this.#isOver = true;
    this.#unread = "";
    this.#talk.end?.();
  }

  /** One line at a time: what is sent ahead waits. */
  #next(): void {
    while (!this.#isAnswering && !this.#isOver) {
      const end = this.#unread.indexOf("\n");
      if (end === -1) {
        if (this.#unread.length > this.#limits.lineOctets) this.#socket.terminate();
        return;
      }
      const line = this.#unread.slice(0, end).replace(/\r$/, "");
      this.#unread = this.#unread.slice(end + 1);
      if (++this.#lines > this.#limits.lines || line.length > this.#limits.lineOctets) {
        this.#socket.terminate();
        return;
      }
      this.#hear(line);
    }
  }

  #hear(line: string): void {
    let said: Said | Promise<Said>;
    try {
      said = this.#talk.hear(line);
    } catch (error) {
      this.#failure = error;
      return;
    }
    if (!(said instanceof Promise)) {
      this.#say(said);
      return;
    }
    this.#isAnswering = true;
    said.then(
      (later) => {
        this.#isAnswering = false;
        if (this.#isOver) return;
        this.#say(later);
        this.#next();
        if (this.#isPeerDone && !this.#isAnswering) this.#socket.end();
      },
      (error: unknown) => void (this.#failure = error),
    );
  }

  /** A few words always fit into the window of a client that reads at all. */
  #say({ text, isLast }: Said): void {
    if (text !== "" && this.#socket.write(Buffer.from(text, "latin1")) < text.length) {
      this.#socket.terminate();
      return;
    }
    if (!isLast) return;
    this.#isOver = true;
    this.#deadlineMs = this.#clock.monotonicMs() + this.#limits.lingerMs;
    this.#socket.shutdown();
    if (this.#isPeerDone) this.#socket.end();
  }
}
