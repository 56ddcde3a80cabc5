/** The name server as the rest of the program sees it: threads that are started, watched and stopped. */

import type { Log } from "../observe/log.ts";
import type { ZoneTable } from "../zone/zone-table.ts";
import { cannotListenForDns } from "./cannot-listen.ts";
import { DnsCounts } from "./dns-counts.ts";
import type { DnsAddress, ThreadOrders, ThreadReport } from "./thread-messages.ts";

export { CannotListen } from "./cannot-listen.ts";

export interface NameServer extends AsyncDisposable {
  /** Where it really listens: port 0 has become a number. */
  readonly bound: readonly DnsAddress[];
  readonly counts: readonly DnsCounts[];
  /** Threads that answer now. */
  aliveThreads(): number;
}

/** A thread that ended is started again after this. */
const restartMs = 200;
/** And after this when it could not be started, as while something else holds its port. */
const retryMs = 2_000;
/** How long closing waits for a thread to end. */
const endMs = 2_000;

/** The only reader there is; more threads will have more numbers. */
const reader = 0;

/** Makes the thread that answers; a test keeps it, to end it. */
export type MakeWorker = () => Worker;

const makeDnsWorker: MakeWorker = () =>
  new Worker(new URL("./dns-thread.ts", import.meta.url).href);

/**
 * Starts a DNS thread over the table. Resolves when every address is bound, rejects with
 * `CannotListen` when one is not.
 */
export async function listenDns(
  listen: readonly DnsAddress[],
  zones: ZoneTable,
  log: Log,
  makeWorker: MakeWorker = makeDnsWorker,
): Promise<NameServer> {
  const counts = new DnsCounts();
  let thread: DnsThread | undefined;
  let isClosing = false;
  let restart: ReturnType<typeof setTimeout> | undefined;

  const start = async (addresses: readonly DnsAddress[]): Promise<readonly DnsAddress[]> => {
    const { buffer, hashSeed } = zones;
    const orders: ThreadOrders = {
      zones: buffer,
      hashSeed,
      reader,
      counts: counts.buffer,
      listen: addresses,
    };
    const started = await startThread(makeWorker(), orders, log);
    if (isClosing) await started.end();
    thread = started;
    void started.ended.then(() => {
      thread = undefined;
      zones.forgetReader(reader);
      counts.forgetConnections();
      if (isClosing) return;
      log.error({}, "The DNS thread ended and is started again");
      restart = setTimeout(() => void again(), restartMs);
    });
    return started.bound;
  };
  const bound = await start(listen);
  const again = async (): Promise<void> => {
    try {
      await start(bound);
    } catch (error) {
      if (isClosing) return;
      log.error({ error: error as Error }, "The DNS thread could not be started again");
      restart = setTimeout(() => void again(), retryMs);
    }
  };

  return {
    bound,
    counts: [counts],
    aliveThreads: () => (thread === undefined ? 0 : 1),
    [Symbol.asyncDispose]: async () => {
      isClosing = true;
      clearTimeout(restart);
      await thread?.end();
    },
  };
}

interface DnsThread {
  readonly bound: readonly DnsAddress[];
  readonly ended: Promise<void>;
  /** Ends it and waits until its ports are free. */
  end(): Promise<void>;
}

function startThread(worker: Worker, orders: ThreadOrders, log: Log): Promise<DnsThread> {
  const up = Promise.withResolvers<DnsThread>();
  const ended = Promise.withResolvers<void>();
  const end = async (): Promise<void> => {
    worker.terminate();
    await Promise.race([ended.promise, Bun.sleep(endMs)]);
  };
  worker.addEventListener("message", (event: MessageEvent<ThreadReport>) => {
    const report = event.data;
    switch (report.kind) {
      case "up":
        up.resolve({ bound: report.bound, ended: ended.promise, end });
        break;
      case "cannot-listen":
        up.reject(cannotListenForDns(report.address, report.code, report.why));
        worker.terminate();
        break;
      case "failure":
        log.error({ why: report.why }, "A DNS message could not be answered");
        break;
    }
  });
  worker.addEventListener("error", (event) => {
    log.error({ why: event.message }, "The DNS thread failed");
  });
  worker.addEventListener("close", () => {
    ended.resolve();
    up.reject(new Error("The DNS thread ended before it listened")); // no effect once it is up
  });
  worker.postMessage(orders);
  return up.promise;
}
