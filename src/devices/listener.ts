/** Device listeners: HTTP or HTTPS on a TCP socket, read by our own tolerant reader. */

import { parseSocketAddress } from "../adapters/peer.ts";
import { Admission, printNetwork } from "../base/admission.ts";

import { Connection } from "./connection.ts";
import type { ConnectionParts } from "./connection.ts";
import { countOne } from "./counts.ts";
import { Holds } from "./holds.ts";
import { deviceLimits } from "./limits.ts";
import type { DeviceLimits } from "./limits.ts";

export interface DeviceListenerOptions extends Omit<
  ConnectionParts,
  "limits" | "port" | "isTls" | "holds"
> {
  readonly hostname: string;
  /** 0: any free port. */
  readonly port: number;
  readonly limits?: Partial<DeviceLimits>;
  /** Makes it an HTTPS listener. What it shows when it is asked is shown to connections from then on. */
  readonly certificates?: Certificates;
}

/** PEM texts, a key for each chain. BoringSSL takes for each client the one that it can use (RFC 8446 §4.4.2.2). */
export interface CertificatePairs {
  readonly cert: readonly string[];
  readonly key: readonly string[];
}

export interface Certificates {
  current(): CertificatePairs;
  /** Calls back whenever there are others; returns how to stop that. */
  onChange(act: () => void): Disposable;
}

export interface DeviceListener extends AsyncDisposable {
  readonly hostname: string;
  /** The port that is bound. */
  readonly port: number;
}

/** All deadlines are looked at this often, by one timer for all connections. */
const sweepMs = 100;

/** Rejects when the address cannot be bound. Several listeners may write to the same `counts`. */
export async function listenDevices(options: DeviceListenerOptions): Promise<DeviceListener> {
  const { counts, clock } = options;
  const limits: DeviceLimits = { ...deviceLimits, ...options.limits };
  const holds = new Holds(limits, counts);
  const isTls = options.certificates !== undefined;
  let parts: ConnectionParts = { ...options, limits, holds, isTls };
  const admission = new Admission(limits);
  const open = new Set<Connection>();

  const listen = (port: number) =>
    Bun.listen<Connection | undefined>({
      hostname: options.hostname,
      port,
      ...(options.certificates === undefined ? {} : { tls: tlsOf(options.certificates) }),
      // A device may send its FIN right behind its request and still wait for the reply.
      allowHalfOpen: true,
      socket: {
        open(socket) {
          counts.accepted++;
          socket.data = undefined;
          const peer = parseSocketAddress(socket.remoteAddress);
          if (peer === undefined) {
            socket.terminate(); // it was reset before we looked
            return;
          }
          const network = printNetwork(peer);
          const admitted = admission.enter(network);
          if (admitted !== "admitted") {
            countOne(counts.limits, admitted);
            socket.terminate();
            return;
          }
          const connection = new Connection(socket, peer, network, parts);
          socket.data = connection;
          open.add(connection);
          counts.open++;
        },
        data: (socket, octets) => socket.data?.take(octets),
        end: (socket) => socket.data?.endOfInput(),
        drain: (socket) => socket.data?.drain(),
        error: (socket, error) => {
          options.log.debug({ error }, "A connection of a device failed");
          socket.terminate();
        },
        close(socket) {
          const connection = socket.data;
          if (connection === undefined || !open.delete(connection)) return;
          connection.closed();
          admission.leave(connection.network);
          counts.open--;
        },
      },
    });
  let server = listen(options.port);
  const { hostname, port } = server;
  // The runtime cannot give a listener another certificate, so another listener takes its place; connections stay.
  using renewing = new DisposableStack();
  if (options.certificates !== undefined) {
    renewing.use(
      options.certificates.onChange(() => {
        server.stop();
        server = listen(port);
        options.log.info({ port }, "Devices are shown the new certificate");
      }),
    );
  }
  const renewal = renewing.move();

  parts = { ...parts, port }; // before the first connection: none is accepted in this turn

  const sweep = setInterval(() => {
    const nowMs = clock.monotonicMs();
    for (const connection of open) connection.watch(nowMs);
  }, sweepMs);

  return {
    hostname,
    port,
    async [Symbol.asyncDispose]() {
      renewal.dispose();
      server.stop();
      holds.close();
      for (const connection of open) connection.hurry();
      const untilMs = clock.monotonicMs() + limits.closeMs;
      while (isAnyBusy(open) && clock.monotonicMs() < untilMs) await Bun.sleep(sweepMs / 10);
      clearInterval(sweep);
      server.stop(true);
    },
  };
}

function tlsOf(certificates: Certificates): { cert: string[]; key: string[] } {
  const { cert, key } = certificates.current();
  return { cert: [...cert], key: [...key] };
}

function isAnyBusy(connections: ReadonlySet<Connection>): boolean {
  for (const connection of connections) if (connection.isBusy) return true;
  return false;
}
