/** The name server as the rest of the program sees it: threads that are started, watched and stopped. */

import type { Log } from "../observe/log.ts";
import type { ZoneTable } from "../zone/zone-table.ts";
import { DnsCounts } from "./dns-counts.ts";
import type { ThreadOrders, ThreadReport } from "./thread-messages.ts";

export interface DnsAddress {
  readonly hostname: string;
  readonly port: number;
}

export interface NameServer extends AsyncDisposable {
  /** Where it really listens: port 0 has become a number. */
  readonly bound: readonly DnsAddress[];
  readonly counts: readonly DnsCounts[];
  /** Threads that answer now. */
  aliveThreads(): number;
}

/** The service cannot listen where it was told to. */
export class CannotListen extends Error {
  override readonly name = "CannotListen";
}

/** A thread that ended is started again after this. */
const restartMs = 200;

/**
 * Starts a DNS thread over the table. Resolves when every address is bound, rejects with
 * `CannotListen` when one is not.
 */
export async function listenDns(
  listen: readonly DnsAddress[],
  zones: ZoneTable,
  log: Log,
): Promise<NameServer> {
  const counts = new DnsCounts();
  let addresses = listen;
  let worker: Worker | undefined;
  let isClosing = false;
  let restart: ReturnType<typeof setTimeout> | undefined;

  const start = async (): Promise<void> => {
    const orders: ThreadOrders = {
      zones: zones.buffer,
      hashSeed: zones.hashSeed,
      reader: 0,
      counts: counts.buffer,
      listen: addresses,
    };
    const started = await startThread(orders, log, () => {
      worker = undefined;
      if (isClosing) return;
      log.error({}, "The DNS thread ended and is started again");
      restart = setTimeout(() => void again(), restartMs);
    });
    worker = started.worker;
    addresses = started.bound;
  };
  const again = async (): Promise<void> => {
    try {
      await start();
    } catch (error) {
      if (isClosing) return;
      log.error({ error: error as Error }, "The DNS thread could not be started again");
      restart = setTimeout(() => void again(), restartMs * 10);
    }
  };
  await start();

  return {
    bound: addresses,
    counts: [counts],
    aliveThreads: () => (worker === undefined ? 0 : 1),
    [Symbol.asyncDispose]: async () => {
      isClosing = true;
      clearTimeout(restart);
      worker?.terminate();
      worker = undefined;
    },
  };
}

function startThread(
  orders: ThreadOrders,
  log: Log,
  onEnd: () => void,
): Promise<{ worker: Worker; bound: readonly DnsAddress[] }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./dns-thread.ts", import.meta.url).href);
    let isUp = false;
    worker.addEventListener("message", (event: MessageEvent<ThreadReport>) => {
      const report = event.data;
      switch (report.kind) {
        case "up":
          isUp = true;
          resolve({ worker, bound: report.bound });
          break;
        case "cannot-listen":
          worker.terminate();
          reject(new CannotListen(`Cannot listen for DNS on ${report.where}: ${report.why}`));
          break;
        case "failure":
          log.error({ why: report.why }, "A DNS message could not be answered");
          break;
      }
    });
    worker.addEventListener("error", (event) => {
      log.error({ why: event.message }, "The DNS thread failed");
      if (!isUp) reject(new CannotListen(`The DNS thread could not start: ${event.message}`));
    });
    worker.addEventListener("close", () => {
      if (isUp) onEnd();
    });
    worker.postMessage(orders);
  });
}
