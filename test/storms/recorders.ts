/** Recorders that fail and ask again, with the octets of TVT's firmware, from addresses of this machine. */

import type { Listener } from "../server.ts";

const retryMs = 1_000;

/** Wrong in the password alone: the login is there, and so is the host. */
const request =
  "GET /client/update.asp?host=cam1.example.test HTTP/1.1\r\n" +
  `Authorization: Basic ${btoa("cam:wrong")}\r\n` +
  "Host: members.example.test\r\nUser-Agent: DDNS-Enterprise-Client-v2.0\r\n\r\n";
const refusal = "\r\n\r\n911";

export class Recorders implements Disposable {
  /** Answers that told the password to be wrong. */
  refusals = 0;
  readonly otherReplies: string[] = [];
  readonly #stopping = new AbortController();

  constructor(target: Listener, addresses: readonly string[], count: number) {
    for (let number = 0; number < count; number++) {
      void this.#repeat(target, addresses[number % addresses.length]!);
    }
  }

  async #repeat(target: Listener, from: string): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      const reply = await askFrom(target, from, request, signal);
      if (signal.aborted) return;
      if (reply.startsWith("HTTP/1.1 401 ") && reply.endsWith(refusal)) this.refusals++;
      else this.otherReplies.push(reply);
      await Bun.sleep(retryMs);
      if (signal.aborted) return;
    }
  }

  [Symbol.dispose](): void {
    this.#stopping.abort();
  }
}

/** Sends the octets from that address and waits, without a FIN of its own, for all that comes. */
export async function askFrom(
  { hostname, port }: Listener,
  localAddress: string,
  octets: string,
  signal?: AbortSignal,
): Promise<string> {
  const from = { localAddress }; // not declared by `Bun.connect`, but obeyed
  const ended = Promise.withResolvers<void>();
  const received: string[] = [];
  const socket = await Bun.connect<undefined>({
    hostname,
    port,
    ...from,
    socket: {
      data: (_, chunk) => void received.push(chunk.toString("latin1")),
      close: () => ended.resolve(),
      error: () => ended.resolve(),
    },
  });
  socket.write(Buffer.from(octets, "latin1"));
  signal?.addEventListener("abort", () => socket.terminate());
  if (signal?.aborted === true) socket.terminate();
  await ended.promise;
  return received.join("");
}
