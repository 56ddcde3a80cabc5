/** Our server as a child process, as an operator starts it. */

import { join } from "node:path";
import { askUntilAnswered } from "./ask.ts";
import { pin } from "./processors.ts";

export interface OurServer extends AsyncDisposable {
  readonly pid: number;
  readonly devicePort: number;
  readonly dnsPort: number;
  /** From the start of the process to the line that says that all is up. */
  readonly readyMs: number;
  /** From the start of the process to the first DNS answer. */
  readonly answeredMs: number;
}

/** The program of this checkout. */
export const nameward = join(import.meta.dir, "..", "bin", "nameward");

/** `asked` is a name that has an address. */
export async function startServer(
  data: string,
  asked: string,
  processor?: number,
): Promise<OurServer> {
  const any = "127.0.0.1:0";
  const startedMs = performance.now();
  const listen = ["--web", any, "--devices", any, "--dns", any];
  const child = Bun.spawn(pin(processor, [nameward, "serve", "--data", data, ...listen]), {
    stdout: "pipe",
    stderr: Bun.file(join(data, "server.log")),
  });
  const ready = await readReadyLine(child.stdout);
  const readyMs = performance.now() - startedMs;
  const dnsPort = portOf(ready, "dns");
  await askUntilAnswered(dnsPort, asked);
  return {
    pid: child.pid,
    devicePort: portOf(ready, "devices"),
    dnsPort,
    readyMs,
    answeredMs: performance.now() - startedMs,
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.exited;
    },
  };
}

async function readReadyLine(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  const reader = stdout.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`The server ended before it was ready: ${text}`);
    text += decoder.decode(value, { stream: true });
    const line = /^ready .*$/m.exec(text)?.[0];
    if (line !== undefined && text.includes(`${line}\n`)) return line;
  }
}

function portOf(ready: string, what: string): number {
  const port = new RegExp(`\\b${what}=\\S*:(\\d+)`).exec(ready)?.[1];
  if (port === undefined) throw new Error(`The line does not say where ${what} is: ${ready}`);
  return Number(port);
}
