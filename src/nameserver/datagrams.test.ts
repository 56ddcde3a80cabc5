import { expect, test } from "bun:test";
import { assert } from "../base/assert.ts";
import { Datagrams, queryOctetsMax } from "./datagrams.ts";
import { openLibc } from "./libc.ts";
import { openUdpSocket, receiveWaitMs, sockaddr4Octets, sockaddrOctets } from "./udp-socket.ts";
import type { UdpDescriptor } from "./udp-socket.ts";

const libc = openLibc();
/** Where the system has none of it, sockets of the runtime are used: see `listen-udp.ts`. */
const testOnLinux = libc === undefined ? test.skip : test;
const waitMs = 20_000;

async function openClient(port: number, hostname = "127.0.0.1") {
  const received: Buffer[] = [];
  const socket = await Bun.udpSocket({
    hostname: hostname.includes(":") ? "::1" : "127.0.0.1",
    connect: { hostname, port },
    socket: { data: (_, datagram) => void received.push(Buffer.from(datagram)) },
  });
  return {
    received,
    send: (octets: Uint8Array) => void socket.send(octets),
    [Symbol.dispose]: () => socket.close(),
  };
}

async function until(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + waitMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error("It did not come to be");
    await Bun.sleep(1);
  }
}

/** Sends back what came to the socket, each datagram with an octet more in front. */
function echo(datagrams: Datagrams, { fd, family, isWildcard }: UdpDescriptor): number {
  const received = datagrams.receive(fd, false, isWildcard);
  for (let slot = 0; slot < received; slot++) {
    const length = datagrams.length(slot);
    const reply = datagrams.replies[datagrams.outgoing]!;
    reply[0] = 0xee;
    reply.set(datagrams.received[slot]!.subarray(0, Math.min(length, 1_000)), 1);
    const nameOctets = family === 4 ? sockaddr4Octets : sockaddrOctets;
    datagrams.answer(slot, Math.min(length, 1_000) + 1, nameOctets, isWildcard);
  }
  expect(datagrams.send(fd)).toBe(0);
  return received;
}

for (const [hostname, asked] of [
  ["127.0.0.1", "127.0.0.1"],
  ["::1", "::1"],
  ["0.0.0.0", "127.0.0.5"],
  ["::", "::1"],
] as const) {
  testOnLinux(
    `what is sent to ${asked} of ${hostname} comes back from there to its sender`,
    async () => {
      assert(libc !== undefined, "this runs on Linux only");
      using socket = openUdpSocket(libc, { hostname, port: 0 }, false);
      const datagrams = new Datagrams(libc);
      expect(datagrams.receive(socket.fd, false, socket.isWildcard)).toBe(0);
      const clients = await Promise.all(
        Array.from({ length: 3 }, () => openClient(socket.port, asked)),
      );
      const rounds = 200;
      for (let round = 0; round < rounds; round++) {
        for (const [i, client] of clients.entries()) client.send(Uint8Array.of(i, round));
        let echoed = 0;
        await until(() => (echoed += echo(datagrams, socket)) === clients.length);
        await until(() => clients.every(({ received }) => received.length === round + 1));
        // What only pointers lead to must stay where it is.
        if (round % 50 === 0) Bun.gc(true);
      }
      for (const [i, client] of clients.entries()) {
        const expected = Array.from({ length: rounds }, (_, round) => Buffer.of(0xee, i, round));
        expect(client.received).toEqual(expected);
        client[Symbol.dispose]();
      }
    },
  );
}

testOnLinux("more datagrams than one call takes come in the next, whole and in order", async () => {
  assert(libc !== undefined, "this runs on Linux only");
  using socket = openUdpSocket(libc, { hostname: "127.0.0.1", port: 0 }, false);
  const datagrams = new Datagrams(libc);
  using client = await openClient(socket.port);
  const count = 100;
  for (let n = 0; n < count; n++) client.send(new Uint8Array(n + 1).fill(n));
  let echoed = 0;
  await until(() => (echoed += echo(datagrams, socket)) === count);
  await until(() => client.received.length === count);
  const lengths = client.received.map((reply) => reply.length);
  expect(lengths).toEqual(Array.from({ length: count }, (_, n) => n + 2));
  expect(client.received.every((reply, n) => reply.subarray(1).every((octet) => octet === n))).toBe(
    true,
  );
});

testOnLinux("a datagram that is too long is cut, and an empty one is told as such", async () => {
  assert(libc !== undefined, "this runs on Linux only");
  using socket = openUdpSocket(libc, { hostname: "127.0.0.1", port: 0 }, false);
  const datagrams = new Datagrams(libc);
  using client = await openClient(socket.port);
  client.send(new Uint8Array(queryOctetsMax + 500));
  client.send(new Uint8Array(0));
  let lengths: number[] = [];
  await until(() => {
    const received = datagrams.receive(socket.fd, false, false);
    lengths = [
      ...lengths,
      ...Array.from({ length: received }, (_, slot) => datagrams.length(slot)),
    ];
    return lengths.length === 2;
  });
  expect(lengths).toEqual([queryOctetsMax, 0]);
});

testOnLinux("sockets that share a port each get a share of the clients", async () => {
  assert(libc !== undefined, "this runs on Linux only");
  using first = openUdpSocket(libc, { hostname: "127.0.0.1", port: 0 }, true);
  const rest = Array.from({ length: 3 }, () =>
    openUdpSocket(libc, { hostname: "127.0.0.1", port: first.port }, true),
  );
  const datagrams = new Datagrams(libc);
  const counts = [0, 0, 0, 0];
  const clients = await Promise.all(Array.from({ length: 80 }, () => openClient(first.port)));
  for (const client of clients) client.send(Uint8Array.of(1));
  await until(() => {
    for (const [i, socket] of [first, ...rest].entries()) counts[i]! += echo(datagrams, socket);
    return clients.every(({ received }) => received.length === 1);
  });
  // The system chooses by a hash of both ends: 80 clients leave none of four out.
  expect(Math.min(...counts)).toBeGreaterThan(0);
  for (const socket of rest) socket[Symbol.dispose]();
  for (const client of clients) client[Symbol.dispose]();
});

testOnLinux("a socket that cannot be read is an error, and waiting in vain is none", () => {
  assert(libc !== undefined, "this runs on Linux only");
  const datagrams = new Datagrams(libc);
  expect(() => datagrams.receive(-1, true, false)).toThrow("recvmmsg: EBADF");
  using socket = openUdpSocket(libc, { hostname: "127.0.0.1", port: 0 }, false);
  const beganMs = performance.now();
  expect(datagrams.receive(socket.fd, true, false)).toBe(0);
  expect(performance.now() - beganMs).toBeGreaterThan(receiveWaitMs / 2);
});

testOnLinux("a port that is not shared cannot be taken twice", () => {
  assert(libc !== undefined, "this runs on Linux only");
  using first = openUdpSocket(libc, { hostname: "127.0.0.1", port: 0 }, false);
  const again = () => openUdpSocket(libc, { hostname: "127.0.0.1", port: first.port }, true);
  expect(again).toThrow("bind: EADDRINUSE");
});
