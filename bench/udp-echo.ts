/** Sends every datagram back as a DNS reply, over one kind of socket, and does nothing else. Prints its port. */

import dgram from "node:dgram";
import { assert } from "../src/base/assert.ts";
import { Datagrams } from "../src/nameserver/datagrams.ts";
import { openLibc } from "../src/nameserver/libc.ts";
import { openUdpSocket, sockaddr4Octets } from "../src/nameserver/udp-socket.ts";

const hostname = "127.0.0.1";
/** RFC 1035 §4.1.1: QR, so that a client takes it for an answer. */
const response = 0x80;

function print(port: number): void {
  process.stdout.write(`${port}\n`);
}

const ways: Readonly<Record<string, () => Promise<void> | void>> = {
  async "Bun.udpSocket"() {
    const socket = await Bun.udpSocket({
      hostname,
      port: 0,
      socket: {
        data(self, datagram, port, address) {
          datagram[2]! |= response;
          self.send(datagram, port, address);
        },
      },
    });
    print(socket.port);
  },
  "node:dgram"() {
    const socket = dgram.createSocket({ type: "udp4", reusePort: true });
    socket.on("message", (datagram, { port, address }) => {
      datagram[2]! |= response;
      socket.send(datagram, port, address);
    });
    socket.bind(0, hostname, () => print(socket.address().port));
  },
  async "recvmmsg and sendmmsg"() {
    const libc = openLibc();
    assert(libc !== undefined, "this runs on Linux only");
    const { fd, port } = openUdpSocket(libc, { hostname, port: 0 }, true);
    print(port);
    await Bun.sleep(50); // what was printed leaves before the loop that never ends
    const datagrams = new Datagrams(libc);
    for (;;) {
      const received = datagrams.receive(fd, true, false);
      for (let slot = 0; slot < received; slot++) {
        const datagram = datagrams.received[slot]!;
        const reply = datagrams.replies[datagrams.outgoing]!;
        const length = Math.min(datagrams.length(slot), reply.length);
        for (let i = 0; i < length; i++) reply[i] = datagram[i]!;
        reply[2]! |= response;
        datagrams.answer(slot, length, sockaddr4Octets, false);
      }
      datagrams.send(fd);
    }
  },
};

export const udpWays = Object.keys(ways);

if (import.meta.main) await ways[process.argv[2] ?? ""]?.();
