/** A steady load of DNS queries, of which every one is accounted for. */

import type { Listener } from "../server.ts";

export interface AskOrder {
  readonly dns: Listener;
  /** Hosts of the ledger from here on, each showing the value of this change. */
  readonly firstHost: number;
  readonly hosts: number;
  readonly change: number;
  readonly perSecond: number;
  /** After the last query: how long an answer may take and still count. */
  readonly patienceMs: number;
}

/** Every query is in one of `answered`, `wrong` and `unanswered`. */
export interface AskReport {
  readonly asked: number;
  readonly answered: number;
  /** Another RCODE, another value, or an answer to nothing. */
  readonly wrong: number;
  readonly unanswered: number;
  /** Of those answered. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

export interface Asking extends AsyncDisposable {
  /** Asks no more, waits for what is under way, and says how it went. */
  stop(): Promise<AskReport>;
}

export async function askSteadily(order: AskOrder): Promise<Asking> {
  const child = Bun.spawn(
    [process.execPath, `${import.meta.dir}/asker.ts`, JSON.stringify(order)],
    {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
    },
  );
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let said = "";
  const readUntil = async (isThere: () => boolean): Promise<void> => {
    while (!isThere()) {
      const { done, value } = await reader.read();
      if (done) {
        const how =
          (await child.exited) === 0 ? "ended" : `failed (${child.signalCode ?? "error"})`;
        throw new Error(`The asker ${how} before it was done; it said ${said}`);
      }
      said += decoder.decode(value, { stream: true });
    }
  };
  await readUntil(() => said.startsWith("asking\n"));
  return {
    async stop() {
      await child.stdin.end();
      await readUntil(() => said.split("\n").length > 2);
      await child.exited;
      return JSON.parse(said.split("\n")[1] ?? "") as AskReport;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
