/** Octets to a name server and back, over real sockets; what a client must wait for, and no codec. */

export interface Server {
  readonly hostname: string;
  readonly port: number;
}

/** Sends datagrams from one socket and gives the replies back by their ID. */
export interface UdpClient extends Disposable {
  /** The first datagram with the ID of `message`; `undefined` when none comes in time. */
  ask(message: Uint8Array, waitMs: number): Promise<Uint8Array | undefined>;
  /** Sends and does not wait. */
  send(message: Uint8Array): void;
}

export async function openUdpClient(server: Server): Promise<UdpClient> {
  const waiting = new Map<number, (reply: Uint8Array | undefined) => void>();
  const socket = await Bun.udpSocket({
    hostname: server.hostname.includes(":") ? "::1" : "127.0.0.1",
    connect: server,
    socket: {
      data(_, datagram) {
        const id = datagram.length < 2 ? -1 : datagram.readUInt16BE(0);
        waiting.get(id)?.(Uint8Array.from(datagram));
      },
      error() {
        // an ICMP error for an earlier datagram: the wait decides
      },
    },
  });
  return {
    async ask(message, waitMs) {
      const id = (message[0]! << 8) | message[1]!;
      const reply = Promise.withResolvers<Uint8Array | undefined>();
      waiting.set(id, reply.resolve);
      const deadline = setTimeout(() => reply.resolve(undefined), waitMs);
      socket.send(message);
      const octets = await reply.promise;
      clearTimeout(deadline);
      waiting.delete(id);
      return octets;
    },
    send: (message) => void socket.send(message),
    [Symbol.dispose]: () => socket.close(),
  };
}

export interface TcpClient extends Disposable {
  write(octets: Uint8Array): void;
  /** Nothing more will be written; replies still come. */
  shutdown(): void;
  /** The next whole message; `closed` when the connection ends before it, `silent` after `waitMs`. */
  read(waitMs: number): Promise<Uint8Array | "closed" | "silent">;
  /** Stop and go on taking what the server sends. */
  pause(): void;
  resume(): void;
}

/** `localAddress`: another of this machine, as 127.9.0.1, for what counts connections by address. */
export async function openTcpClient(server: Server, localAddress?: string): Promise<TcpClient> {
  let received = Buffer.alloc(0);
  let unsent = Buffer.alloc(0);
  let isClosed = false;
  let wake = (): void => undefined;
  // Not declared by `Bun.connect`, but obeyed.
  const from = localAddress === undefined ? {} : { localAddress };
  const socket = await Bun.connect({
    ...server,
    ...from,
    allowHalfOpen: true,
    socket: {
      data(_, chunk) {
        received = Buffer.concat([received, chunk]);
        wake();
      },
      drain(self) {
        unsent = unsent.subarray(Math.max(0, self.write(unsent)));
      },
      end() {
        isClosed = true;
        wake();
      },
      close() {
        isClosed = true;
        wake();
      },
      error() {
        isClosed = true;
        wake();
      },
    },
  });
  return {
    write(octets) {
      if (isClosed) return;
      const sent = unsent.length > 0 ? 0 : Math.max(0, socket.write(octets));
      unsent = Buffer.concat([unsent, octets.subarray(sent)]);
    },
    shutdown: () => {
      socket.shutdown();
    },
    async read(waitMs) {
      const deadlineMs = performance.now() + waitMs;
      for (;;) {
        const length = received.length < 2 ? Infinity : received.readUInt16BE(0);
        if (received.length >= 2 + length) {
          const message = Uint8Array.from(received.subarray(2, 2 + length));
          received = received.subarray(2 + length);
          return message;
        }
        if (isClosed) return "closed";
        const leftMs = deadlineMs - performance.now();
        if (leftMs <= 0) return "silent";
        const woken = Promise.withResolvers<void>();
        wake = woken.resolve;
        const timer = setTimeout(woken.resolve, leftMs);
        await woken.promise;
        clearTimeout(timer);
      }
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    [Symbol.dispose]: () => socket.terminate(),
  };
}

/** RFC 1035 §4.2.2: two octets of length in front. */
export function frame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(2 + message.length);
  framed[0] = message.length >> 8;
  framed[1] = message.length;
  framed.set(message, 2);
  return framed;
}
