/** Hosts read in a thread of its own: the next are being read while the program takes in these. */

import { assert } from "../base/assert.ts";
import { HostColumns } from "../core/host-columns.ts";
import { hostsPerBatch } from "./host-reader.ts";
import type { HostReaderLink, ReadBegun } from "./host-reader.ts";
import type { FromHostReader, ToHostReader } from "./host-reader-message.ts";
import { StoreFailed } from "./store.ts";

/** Buffers there are: the thread waits when all are filled and none was taken in. */
const buffersMax = 4;

type Answer = Exclude<FromHostReader, { kind: "failed" }>;

export function startHostReaderThread(path: string): HostReaderLink {
  const thread = new Worker(new URL("./host-reader-thread.ts", import.meta.url).href);
  /** Answered in order. */
  const asked: PromiseWithResolvers<Answer>[] = [];
  const filling: Promise<Answer>[] = [];
  let failed: StoreFailed | undefined;
  let told: HostColumns | undefined;

  const fail = (why: string): void => {
    failed ??= new StoreFailed(`Cannot read ${path}: ${why}.`, { cause: new Error(why) });
    for (const { reject } of asked.splice(0)) reject(failed);
  };
  const ask = (message: ToHostReader, given: ArrayBuffer[] = []): Promise<Answer> => {
    const answer = Promise.withResolvers<Answer>();
    answer.promise.catch(() => undefined); // whoever waits for an earlier one passes it on
    if (failed !== undefined) answer.reject(failed);
    else asked.push(answer);
    thread.postMessage(message, given);
    return answer.promise;
  };
  const fill = ({ buffer }: HostColumns): void => {
    filling.push(ask({ kind: "fill", buffer }, [buffer]));
  };
  thread.onmessage = ({ data }: MessageEvent<FromHostReader>): void => {
    if (data.kind === "failed") fail(data.why);
    else asked.shift()!.resolve(data);
  };
  thread.onerror = (event): void => fail(event.message);
  thread.addEventListener("close", () => fail("the thread that reads hosts ended"));
  thread.postMessage({ kind: "open", path } satisfies ToHostReader);

  return {
    async begin(): Promise<ReadBegun> {
      const answer = await ask({ kind: "begin" });
      assert(answer.kind === "begun", "answers come in the order of the questions");
      return answer.begun;
    },
    async next() {
      if (told !== undefined) fill(told);
      else for (let i = 0; i < buffersMax; i++) fill(HostColumns.make(hostsPerBatch));
      const answer = await filling.shift()!;
      assert(answer.kind === "filled", "answers come in the order of the questions");
      told = new HostColumns(answer.buffer, answer.rows);
      return answer.rows === 0 ? undefined : told;
    },
    [Symbol.dispose]: () => thread.terminate(),
  };
}
