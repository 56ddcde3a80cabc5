/** A third party's service over a raw socket: what it answers is octets, so that it can be as wrong as any. */

export type FakeReply =
  | { readonly kind: "octets"; readonly text: string }
  /** Sends on and on until the client goes away. */
  | { readonly kind: "endless"; readonly head: string; readonly piece: string }
  | { readonly kind: "silent" };

export interface FakeService extends Disposable {
  readonly port: number;
  /** The heads of all requests until now. */
  readonly requests: readonly string[];
  /** Octets that were sent in all. */
  sentOctets(): number;
}

interface FakeOptions {
  readonly hostname?: string;
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** What one connection has still to send. */
interface Pending {
  head: string;
  unsent: Uint8Array;
  piece: Uint8Array | undefined;
  isClosing: boolean;
}

/** Asks `answer` for the reply to each request, one a connection. */
export function openFakeService(
  answer: (request: string) => FakeReply | Promise<FakeReply>,
  options: FakeOptions = {},
): FakeService {
  const requests: string[] = [];
  let sent = 0;
  const push = (socket: Bun.Socket<Pending>): void => {
    const { data } = socket;
    for (;;) {
      const octets = Math.max(0, socket.write(data.unsent));
      sent += octets;
      data.unsent = data.unsent.subarray(octets);
      if (data.unsent.length > 0) return;
      if (data.piece === undefined) break;
      data.unsent = data.piece;
    }
    if (data.isClosing) socket.end();
  };
  const listener = Bun.listen<Pending>({
    hostname: options.hostname ?? "127.0.0.1",
    port: options.port ?? 0,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    socket: {
      open(socket) {
        socket.data = { head: "", unsent: new Uint8Array(), piece: undefined, isClosing: false };
      },
      async data(socket, chunk) {
        const { data } = socket;
        data.head += chunk.toString("latin1");
        if (!data.head.includes("\r\n\r\n") || data.isClosing) return;
        requests.push(data.head);
        const reply = await answer(data.head);
        data.isClosing = reply.kind === "octets";
        if (reply.kind === "octets") data.unsent = new TextEncoder().encode(reply.text);
        if (reply.kind === "endless") {
          data.unsent = new TextEncoder().encode(reply.head);
          data.piece = new TextEncoder().encode(reply.piece);
        }
        if (reply.kind !== "silent") push(socket);
      },
      drain: push,
      error: () => undefined,
    },
  });
  return {
    port: listener.port,
    requests,
    sentOctets: () => sent,
    [Symbol.dispose]: () => listener.stop(true),
  };
}

/** A whole reply. */
export function http(status: string, body: string, headers: readonly string[] = []): FakeReply {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  const head = [`HTTP/1.1 ${status}`, "Content-Type: text/html", length, ...headers, "", ""];
  return { kind: "octets", text: head.join("\r\n") + body };
}
