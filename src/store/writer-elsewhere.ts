/** The writer in a thread of its own: a disk that stalls must not stall who answers requests. */

import type { Log } from "../observe/log.ts";
import type { OperationResult, WriterLink } from "./operations.ts";
import { StoreFailed } from "./store.ts";
import type { WriterListener } from "./writer.ts";
import type { FromWriter, ToWriter } from "./writer-message.ts";

/** Operations that wait for the thread; a group of changes is one. */
const callsWaitingMax = 10_000;

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StoreFailed) => void;
}

/** Starts the thread and waits until it has the database open. */
export function startWriterThread(
  path: string,
  id: number,
  log: Log,
  listener: WriterListener,
): Promise<WriterLink> {
  const thread = new Worker(new URL("./writer-thread.ts", import.meta.url).href);
  const calls = new Map<number, Call>();
  let lastCall = 0;
  let ended = false;

  const say = (message: ToWriter): void => thread.postMessage(message);
  const failAll = (why: string): void => {
    for (const call of calls.values()) call.reject(new StoreFailed(why));
    calls.clear();
  };
  const end = (): void => {
    ended = true;
    failAll("The store was closed.");
    thread.terminate();
  };
  const link: WriterLink = {
    ask: (name, ...values) => {
      if (ended) return Promise.reject(new StoreFailed("The store is closed."));
      if (calls.size >= callsWaitingMax) {
        return Promise.reject(new StoreFailed("Too much waits for the disk already."));
      }
      return new Promise((resolve, reject) => {
        const call = ++lastCall;
        calls.set(call, {
          resolve: (value) => resolve(value as OperationResult<typeof name>),
          reject,
        });
        say({ kind: "ask", call, name, values });
      });
    },
    end,
  };

  return new Promise((resolve, reject) => {
    thread.onmessage = ({ data }: MessageEvent<FromWriter>): void => {
      switch (data.kind) {
        case "opened":
          return resolve(link);
        case "not-opened":
          reject(new StoreFailed(data.why));
          return end();
        case "facts":
          return listener.tell(data.facts);
        case "report":
          return listener.report(data.report);
        case "log":
          return log[data.level](data.fields, data.sentence);
        case "result":
          calls.get(data.call)?.resolve(data.value);
          calls.delete(data.call);
          return;
        case "failed":
          calls.get(data.call)?.reject(new StoreFailed(data.why, { cause: new Error(data.cause) }));
          calls.delete(data.call);
          return;
      }
    };
    thread.onerror = (event): void => {
      if (ended) return;
      const why = `The writer's thread ended: ${event.message}`;
      log.error({ why }, "The store cannot take changes");
      listener.report({ state: "failed", why, recoveries: 0 });
      reject(new StoreFailed(why));
      end();
    };
    say({ kind: "open", path, id });
  });
}
