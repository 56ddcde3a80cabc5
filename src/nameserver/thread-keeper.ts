/** A thread that is started again whenever it ends, until it is told to stop. */

import { waitAtMost } from "../base/wait-at-most.ts";
import type { Log } from "../observe/log.ts";
import { cannotListenForDns } from "./cannot-listen.ts";
import type { DatagramOrders, DnsAddress, SocketOrders, ThreadReport } from "./thread-messages.ts";

/** A thread that ended is started again after this. */
const restartMs = 200;
/** And after this when it could not be started, as while something else holds its port. */
const retryMs = 2_000;
/** How long closing waits for a thread to end. */
const endMs = 2_000;

/** `sockets`: with an event loop, for TCP; `datagrams`: one that reads descriptors and nothing else. */
export type ThreadKind = "sockets" | "datagrams";

/** A test keeps the workers, to end them. */
export type MakeWorker = (kind: ThreadKind) => Worker;

/** Written out, so that a bundler finds the scripts. */
export const makeDnsWorker: MakeWorker = (kind) =>
  kind === "sockets"
    ? new Worker(new URL("./dns-thread.ts", import.meta.url).href)
    : new Worker(new URL("./datagram-thread.ts", import.meta.url).href);

export interface KeptThread extends AsyncDisposable {
  /** Where it listens, if it does that itself. */
  readonly bound: readonly DnsAddress[];
  isAlive(): boolean;
}

export interface ThreadToKeep {
  readonly kind: ThreadKind;
  readonly orders: SocketOrders | DatagramOrders;
  readonly log: Log;
  /** It has ended, perhaps in the middle of an answer. */
  readonly forget: () => void;
  readonly makeWorker?: MakeWorker | undefined;
}

/** Resolves when it is up. Rejects with `CannotListen`, or when it ends before. */
export async function keepThread(given: ThreadToKeep): Promise<KeptThread> {
  const { kind, log, forget, makeWorker = makeDnsWorker } = given;
  let { orders } = given;
  let thread: RunningThread | undefined;
  let isClosing = false;
  let restart: ReturnType<typeof setTimeout> | undefined;

  const start = async (): Promise<readonly DnsAddress[]> => {
    const started = await startThread(makeWorker(kind), orders, log);
    if (isClosing) await started.end();
    thread = started;
    void started.ended.then(() => {
      thread = undefined;
      forget();
      if (isClosing) return;
      log.error({ kind }, "A DNS thread ended and is started again");
      restart = setTimeout(() => void again(), restartMs);
    });
    return started.bound;
  };
  const bound = await start();
  // A port that the system chose is kept.
  if ("listen" in orders) orders = { ...orders, listen: bound };
  const again = async (): Promise<void> => {
    try {
      await start();
    } catch (error) {
      if (isClosing) return;
      log.error({ kind, error: error as Error }, "A DNS thread could not be started again");
      restart = setTimeout(() => void again(), retryMs);
    }
  };
  return {
    bound,
    isAlive: () => thread !== undefined,
    [Symbol.asyncDispose]: async () => {
      isClosing = true;
      clearTimeout(restart);
      if ("stop" in orders) Atomics.store(new Int32Array(orders.stop), 0, 1);
      await thread?.end();
    },
  };
}

interface RunningThread {
  readonly bound: readonly DnsAddress[];
  readonly ended: Promise<void>;
  /** Ends it and waits until its ports are free. */
  end(): Promise<void>;
}

function startThread(
  worker: Worker,
  orders: SocketOrders | DatagramOrders,
  log: Log,
): Promise<RunningThread> {
  const up = Promise.withResolvers<RunningThread>();
  const ended = Promise.withResolvers<void>();
  const end = async (): Promise<void> => {
    worker.terminate();
    await waitAtMost(endMs, ended.promise);
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
    log.error({ why: event.message }, "A DNS thread failed");
  });
  worker.addEventListener("close", () => {
    ended.resolve();
    up.reject(new Error("A DNS thread ended before it listened")); // no effect once it is up
  });
  worker.postMessage(orders);
  return up.promise;
}
