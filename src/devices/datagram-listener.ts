/** A listener for dialects of one datagram and its answer: Meibu. */

import { parseSocketAddress } from "../adapters/peer.ts";
import type { Address } from "../base/address.ts";
import type { Log } from "../observe/log.ts";
import { countOne } from "./counts.ts";
import type { DeviceCounts } from "./counts.ts";

export interface DatagramListenerOptions {
  readonly hostname: string;
  /** 0: any free port. */
  readonly port: number;
  readonly answer: (
    octets: string,
    peer: Address,
  ) => string | undefined | Promise<string | undefined>;
  readonly log: Log;
  readonly counts: DeviceCounts;
}

export interface DatagramListener extends AsyncDisposable {
  readonly hostname: string;
  readonly port: number;
}

/** Longer ones are of no dialect we speak. */
const datagramOctetsMax = 512;
/** Answers that wait for the store; above it a datagram is dropped, and the device asks again. */
const waitingMax = 1_000;

/** Rejects when the address cannot be bound. */
export async function listenDatagrams(options: DatagramListenerOptions): Promise<DatagramListener> {
  const { answer, counts, log } = options;
  let waiting = 0;
  const fail = (error: unknown): void => {
    counts.failures++;
    const cause = error instanceof Error ? error : new Error(String(error));
    log.error({ error: cause }, "Answering the datagram of a device failed");
  };
  const socket = await Bun.udpSocket({
    hostname: options.hostname,
    port: options.port,
    socket: {
      data(from, octets, port, address) {
        const peer = parseSocketAddress(address);
        if (peer === undefined || octets.length > datagramOctetsMax) return;
        // Never longer than what came: nobody's flood is made greater here.
        const reply = (text: string | undefined): void => {
          if (text !== undefined && text.length <= octets.length) from.send(text, port, address);
        };
        counts.requests++;
        try {
          const answered = answer(octets.toString("latin1"), peer);
          if (!(answered instanceof Promise)) return reply(answered);
          if (waiting === waitingMax) return countOne(counts.limits, "connections");
          waiting++;
          answered.then(reply, fail).finally(() => waiting--);
        } catch (error) {
          fail(error);
        }
      },
    },
  });
  return {
    hostname: socket.hostname,
    port: socket.port,
    async [Symbol.asyncDispose]() {
      socket.close();
    },
  };
}
