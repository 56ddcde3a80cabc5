/** Connections from several addresses of this machine that say little or nothing, and stay as long as they are left. */

import { readFileSync } from "node:fs";
import type { Socket } from "bun";
import type { Listener } from "../server.ts";

export interface CrowdOrder {
  readonly target: Listener;
  /** All of 127.0.0.0/8. */
  readonly addresses: readonly string[];
  readonly connectionsEach: number;
  /** What the connection with this number says; nothing: it is silent. */
  readonly says: (number: number) => string;
}

/** So many are opened at once: a queue of connections that nobody has taken yet has an end. */
const openingAtOnce = 200;

export class Crowd implements Disposable {
  readonly #sockets = new Set<Socket<undefined>>();
  /** Connections that the kernel gave. */
  connected = 0;
  /** Connections that the other side has ended. */
  ended = 0;

  get open(): number {
    return this.#sockets.size;
  }

  /** Resolves when all have been tried. None is tried twice. */
  static async gather(order: CrowdOrder): Promise<Crowd> {
    const crowd = new Crowd();
    const { addresses, connectionsEach } = order;
    const all = addresses.length * connectionsEach;
    let next = 0;
    const open = async (): Promise<void> => {
      for (let number = next++; number < all; number = next++) {
        await crowd.#connect(order, addresses[number % addresses.length]!, number);
      }
    };
    await Promise.all(Array.from({ length: openingAtOnce }, open));
    return crowd;
  }

  async #connect({ target, says }: CrowdOrder, localAddress: string, number: number) {
    const from = { localAddress }; // not declared by `Bun.connect`, but obeyed
    await Bun.connect<undefined>({
      hostname: target.hostname,
      port: target.port,
      allowHalfOpen: true,
      ...from,
      socket: {
        open: (socket) => {
          this.connected++;
          this.#sockets.add(socket);
          socket.write(says(number));
        },
        data() {},
        end: (socket) => {
          socket.end();
        },
        close: (socket) => {
          if (this.#sockets.delete(socket)) this.ended++;
        },
        error() {},
      },
    }).catch(() => undefined);
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket.terminate();
  }
}

/** How many files that process may have open (proc(5)); Bun takes what the system allows it. */
export function readFilesMax(pid: number): number {
  const limits = readFileSync(`/proc/${pid}/limits`, "latin1");
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1]);
}
