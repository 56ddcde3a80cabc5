/** One message to a name server and its reply: over UDP, and over TCP when that decides nothing. */

import { lookup } from "node:dns/promises";
import { connect } from "node:net";

export interface DnsServer {
  readonly host: string;
  readonly port: number;
}

export const dnsServerWants = "a host or an address, with :port when it is not 53";

export function parseDnsServer(text: string): DnsServer | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i.exec(text);
  const host = match?.[1] ?? match?.[2] ?? (/^[0-9a-f:.]+$/i.test(text) ? text : undefined);
  const port = Number(match?.[3] ?? 53);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

interface Exchange<Reply> {
  readonly server: DnsServer;
  readonly octets: Uint8Array;
  readonly askMs: number;
  /** `undefined` for what is no reply to this message. */
  read(octets: Uint8Array): Reply | undefined;
  /** Whether a reply that came over UDP is the last word. */
  isDecisive(reply: Reply): boolean;
}

/** RFC 1035 §4.2.1: without EDNS nothing larger is sent over UDP. */
const udpOctetsMax = 512;
/** A datagram may get lost, and is sent a second time. */
const datagrams = 2;
/** RFC 1035 §4.2.1 suggests 2 to 5 seconds. */
const datagramMs = 2_500;
/** Long enough for a slow way; and short enough for another address to have its turn. */
const tcpMs = 8_000;
/** A name with more addresses than that is asked at the first ones. */
const addressesMax = 4;

/** The reply, or a sentence on why there is none. A forged datagram costs a connection and no more. */
export async function exchangeDns<Reply>(
  exchange: Exchange<Reply>,
  signal: AbortSignal,
): Promise<Reply | string> {
  const { server, askMs } = exchange;
  const ended = AbortSignal.any([signal, AbortSignal.timeout(askMs)]);
  const addresses = await findAddresses(server.host, ended);
  if (addresses.length === 0) return `${server.host} has no address that can be found`;
  for (const address of addresses) {
    const at = { host: address, port: server.port };
    const isSmall = exchange.octets.length <= udpOctetsMax;
    const datagram = isSmall ? await askUdp(at, exchange, ended) : undefined;
    const tcpEnded = AbortSignal.any([ended, AbortSignal.timeout(tcpMs)]);
    const reply = datagram ?? (await askTcp(at, exchange, tcpEnded));
    if (reply !== undefined) return reply;
    if (ended.aborted) break;
  }
  return signal.aborted
    ? "The request was called off"
    : `${server.host} did not answer over UDP, nor over TCP`;
}

/** In the order of the system; another family is tried when one is not reached. */
async function findAddresses(host: string, ended: AbortSignal): Promise<readonly string[]> {
  try {
    const looked = lookup(host, { all: true });
    const found = await Promise.race([looked, whenAborted(ended).then(() => [])]);
    return found.slice(0, addressesMax).map(({ address }) => address);
  } catch {
    return []; // no such name, or nobody to ask: the only ways in which it rejects
  }
}

async function askUdp<Reply>(
  at: DnsServer,
  exchange: Exchange<Reply>,
  ended: AbortSignal,
): Promise<Reply | undefined> {
  const found = Promise.withResolvers<Reply | undefined>();
  const take = (octets: Uint8Array): void => {
    const reply = exchange.read(octets);
    if (reply !== undefined) found.resolve(exchange.isDecisive(reply) ? reply : undefined);
  };
  let socket: Bun.udp.ConnectedSocket<"buffer">;
  try {
    socket = await Bun.udpSocket({
      hostname: at.host.includes(":") ? "::" : "0.0.0.0",
      connect: { hostname: at.host, port: at.port },
      socket: {
        data: (_, datagram) => take(Uint8Array.from(datagram)),
        error: () => found.resolve(undefined), // nobody listens there: TCP may say more
      },
    });
  } catch {
    return undefined; // this network has no way to that family
  }
  try {
    for (let sent = 0; sent < datagrams && !ended.aborted; sent++) {
      socket.send(exchange.octets);
      const isOver = AbortSignal.any([ended, AbortSignal.timeout(datagramMs)]);
      const first = await Promise.race([
        found.promise.then((reply) => ({ reply })),
        whenAborted(isOver).then(() => undefined),
      ]);
      if (first !== undefined) return first.reply;
    }
    return undefined;
  } catch {
    return undefined; // `send` throws where there is no route
  } finally {
    socket.close();
  }
}

/** RFC 7766 §8: a length in front; here the first whole message ends the exchange. */
async function askTcp<Reply>(
  at: DnsServer,
  exchange: Exchange<Reply>,
  ended: AbortSignal,
): Promise<Reply | undefined> {
  const found = Promise.withResolvers<Reply | undefined>();
  const nothing = (): void => found.resolve(undefined);
  // At most one message of 65,535 octets and a piece behind it.
  let received = Buffer.alloc(0);
  // Of node:net, since a connection that is not made yet can be let go of.
  const socket = connect({ host: at.host, port: at.port });
  socket.on("error", nothing).on("close", nothing);
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    const end = received.length < 2 ? Infinity : 2 + received.readUInt16BE(0);
    if (received.length < end) return;
    found.resolve(exchange.read(Uint8Array.from(received.subarray(2, end))));
  });
  const { length } = exchange.octets;
  socket.write(Buffer.concat([Uint8Array.of(length >> 8, length & 0xff), exchange.octets]));
  void whenAborted(ended).then(nothing);
  const reply = await found.promise;
  socket.destroy();
  return reply;
}

async function whenAborted(signal: AbortSignal): Promise<void> {
  const over = Promise.withResolvers<void>();
  if (signal.aborted) over.resolve();
  else signal.addEventListener("abort", () => over.resolve(), { once: true });
  return over.promise;
}
