/** One peer over UDP: what is sent again when nothing comes back, and whose answers count. */

import { createSocket } from "node:dgram";
import type { Socket } from "node:dgram";

export interface UdpServer {
  /** An address. */
  readonly hostname: string;
  readonly port: number;
}

export interface Failed {
  readonly kind: "failed";
  readonly why: string;
}

export type Opened = { readonly kind: "open"; readonly peer: UdpPeer } | Failed;
export type Asked<Value> = { readonly kind: "reply"; readonly value: Value } | Failed;

/** Takes a port that the system chooses at random (RFC 5452 §9.2), for this server only. */
export async function openUdpPeer(server: UdpServer): Promise<Opened> {
  const opened = Promise.withResolvers<Opened>();
  const socket = createSocket(server.hostname.includes(":") ? "udp6" : "udp4");
  socket.on("error", (error) => opened.resolve({ kind: "failed", why: error.message }));
  try {
    // Connected: the kernel drops what comes from anybody else.
    socket.connect(server.port, server.hostname, () => {
      opened.resolve({ kind: "open", peer: new UdpPeer(socket) });
    });
  } catch (error) {
    opened.resolve({ kind: "failed", why: String(error) });
  }
  const result = await opened.promise;
  if (result.kind === "failed") closeQuietly(socket);
  return result;
}

export class UdpPeer implements Disposable {
  readonly localAddress: string;
  readonly localPort: number;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    const { address, port } = socket.address();
    this.localAddress = address.replace(/%.*$/, "");
    this.localPort = port;
  }

  [Symbol.dispose](): void {
    closeQuietly(this.#socket);
  }

  /**
   * Sends the message, and again after each of `waitsMs`, until `read` has made something of a datagram that
   * came back; what it makes nothing of is passed over.
   */
  async ask<Value>(
    message: Uint8Array,
    waitsMs: readonly number[],
    read: (octets: Uint8Array) => Value | undefined,
    signal: AbortSignal,
  ): Promise<Asked<Value>> {
    const socket = this.#socket;
    const asked = Promise.withResolvers<Asked<Value>>();
    const fail = (why: string): void => asked.resolve({ kind: "failed", why });
    const take = (octets: Uint8Array): void => {
      const value = read(octets);
      if (value !== undefined) asked.resolve({ kind: "reply", value });
    };
    const onError = (error: Error): void => fail(error.message);
    const abort = (): void => fail("it was called off");
    let timer: ReturnType<typeof setTimeout> | undefined;
    const sendFrom = (attempt: number): void => {
      const waitMs = waitsMs[attempt];
      if (waitMs === undefined) {
        fail("it does not answer");
        return;
      }
      try {
        socket.send(message);
      } catch (error) {
        fail(String(error));
      }
      timer = setTimeout(() => sendFrom(attempt + 1), waitMs);
    };
    socket.on("message", take);
    socket.on("error", onError);
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    else sendFrom(0);
    const result = await asked.promise;
    clearTimeout(timer);
    socket.off("message", take);
    socket.off("error", onError);
    signal.removeEventListener("abort", abort);
    return result;
  }
}

function closeQuietly(socket: Socket): void {
  try {
    socket.close();
  } catch {
    // It was closed by its error.
  }
}
