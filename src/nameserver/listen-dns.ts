/** The name server as the rest of the program sees it: sockets and threads that are started, watched and stopped. */

import type { Log } from "../observe/log.ts";
import type { ZoneTable } from "../zone/zone-table.ts";
import { CannotListen, cannotListenForDns } from "./cannot-listen.ts";
import type { ServerNames } from "./chaos.ts";
import { DnsCounts } from "./dns-counts.ts";
import type { DnsCountName } from "./dns-counts.ts";
import { openLibc } from "./libc.ts";
import type { Libc } from "./libc.ts";
import { makeResponseLimitTable } from "./response-limit.ts";
import type { ResponseLimitRule } from "./response-limit.ts";
import type { Transport } from "./respond.ts";
import type { Signer } from "./signer.ts";
import type { TcpLimits } from "./tcp-limits.ts";
import { keepThread } from "./thread-keeper.ts";
import type { KeptThread, MakeWorker, ThreadKind } from "./thread-keeper.ts";
import type {
  AnsweringOrders,
  DatagramOrders,
  DnsAddress,
  SocketOrders,
} from "./thread-messages.ts";
import { openUdpSocket } from "./udp-socket.ts";
import type { UdpDescriptor } from "./udp-socket.ts";

export { CannotListen } from "./cannot-listen.ts";

export interface NameServer extends AsyncDisposable {
  /** Where it really listens: port 0 has become a number. */
  readonly bound: readonly DnsAddress[];
  /** Over all threads, since the start. */
  count(name: DnsCountName): number;
  countReplies(transport: Transport, rcode: number): number;
  /** Threads that answer, and how many there should be. */
  aliveThreads(): number;
  readonly wantedThreads: number;
}

export interface NameServerOptions {
  readonly listen: readonly DnsAddress[];
  /** Threads that answer UDP, where the system spreads datagrams over them. */
  readonly threads: number;
  /** `batched`: many datagrams a system call, where that is possible; `portable`: the runtime's sockets. */
  readonly udp: "batched" | "portable";
  readonly names: ServerNames;
  readonly limit: ResponseLimitRule;
  readonly tcpLimits: TcpLimits;
}

export interface NameServerParts {
  readonly zones: ZoneTable;
  readonly signer: Signer;
  readonly cookieSecrets: SharedArrayBuffer;
  readonly log: Log;
  /** A test keeps the workers, to end them. */
  readonly makeWorker?: MakeWorker;
}

/** With port 0 the system chooses one for TCP, which UDP may find taken. */
const samePortTries = 20;

/** Resolves when every address is bound, rejects with `CannotListen` when one is not. */
export async function listenDns(
  options: NameServerOptions,
  parts: NameServerParts,
): Promise<NameServer> {
  const libc = options.udp === "batched" ? openLibc() : undefined;
  for (let tries = 1; ; tries++) {
    try {
      return await open(options, parts, libc);
    } catch (error) {
      const isAnyPort = options.listen.some(({ port }) => port === 0);
      const isTaken = error instanceof CannotListen && error.code === "EADDRINUSE";
      if (!isAnyPort || !isTaken || tries === samePortTries) throw error;
    }
  }
}

async function open(
  options: NameServerOptions,
  parts: NameServerParts,
  libc: Libc | undefined,
): Promise<NameServer> {
  await using opened = new AsyncDisposableStack();
  const { zones, signer, log } = parts;
  const datagramThreads = libc === undefined ? 0 : options.threads;
  const counts = Array.from({ length: 1 + datagramThreads }, () => new DnsCounts());
  const common = {
    zones: zones.buffer,
    hashSeed: zones.hashSeed,
    cookieSecrets: parts.cookieSecrets,
    limitRule: options.limit,
    limitTable: makeResponseLimitTable(),
    names: options.names,
    tcpLimits: options.tcpLimits,
  };
  /** Each thread reads under a number of its own, and asks for signatures on a way of its own. */
  const ordersFor = (reader: number): AnsweringOrders => {
    return { ...common, reader, counts: counts[reader]!.buffer, signing: signer.partsFor(reader) };
  };
  const keep = (reader: number, kind: ThreadKind, orders: SocketOrders | DatagramOrders) => {
    const forget = (): void => {
      zones.forgetReader(reader);
      counts[reader]!.forgetConnections();
    };
    return keepThread({ kind, orders, log, forget, makeWorker: parts.makeWorker });
  };

  const { listen } = options;
  const sockets = { ...ordersFor(0), listen, hasUdp: libc === undefined };
  const first = opened.use(await keep(0, "sockets", sockets));
  const { bound } = first;
  const threads: KeptThread[] = [first];
  if (libc !== undefined) {
    for (const [i, descriptors] of openSockets(libc, bound, datagramThreads).entries()) {
      for (const descriptor of descriptors) opened.use(descriptor);
      const stop = new SharedArrayBuffer(4);
      const given = descriptors.map(({ fd, family, isWildcard }) => ({ fd, family, isWildcard }));
      const orders: DatagramOrders = { ...ordersFor(i + 1), sockets: given, stop };
      threads.push(opened.use(await keep(i + 1, "datagrams", orders)));
    }
  }
  const closing = opened.move();
  return {
    bound,
    count: (name) => sum(counts, (each) => each.get(name)),
    countReplies: (transport, rcode) => sum(counts, (each) => each.getReplies(transport, rcode)),
    aliveThreads: () => threads.filter((thread) => thread.isAlive()).length,
    wantedThreads: threads.length,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function sum(counts: readonly DnsCounts[], of: (each: DnsCounts) => number): number {
  return counts.reduce((total, each) => total + of(each), 0);
}

/** For each thread a descriptor for each address. */
function openSockets(
  libc: Libc,
  addresses: readonly DnsAddress[],
  threads: number,
): readonly (readonly UdpDescriptor[])[] {
  const opened: UdpDescriptor[] = [];
  const openOne = (address: DnsAddress, isShared: boolean): UdpDescriptor => {
    try {
      const descriptor = openUdpSocket(libc, address, isShared);
      opened.push(descriptor);
      return descriptor;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      throw cannotListenForDns(address, code, error instanceof Error ? error.message : `${error}`);
    }
  };
  try {
    if (threads > 1) {
      // A port that is shared can be shared by strangers too: it has to be free first.
      for (const address of addresses) openOne(address, false)[Symbol.dispose]();
      opened.length = 0;
    }
    return Array.from({ length: threads }, () =>
      addresses.map((address) => openOne(address, threads > 1)),
    );
  } catch (error) {
    for (const descriptor of opened) descriptor[Symbol.dispose]();
    throw error;
  }
}
