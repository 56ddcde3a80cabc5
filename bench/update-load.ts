/** A process that sends DNS UPDATE messages (RFC 2136), many under way at once, over UDP or one TCP connection. */

import { parseName } from "../src/dns/name.ts";
import { writeMessage } from "../src/dns/message.ts";
import { types } from "../src/dns/record-types.ts";
import { makeUpdate } from "../src/dns/update-message.ts";
import { LoadMeter } from "./load.ts";
import type { LoadOrder } from "./load.ts";
import { addressOctets, apex, hostsUpdated } from "./names.ts";
import { Pace } from "./pace.ts";

/** A datagram that was not answered for so long is lost, and its place in the window is free. */
const lostMs = 2_000;
/** RFC 1035 §4.1.1: the ID has 16 bits. */
const ids = 65_536;

interface UnderWay {
  /** When it was due; in a closed loop when it was sent. */
  readonly sinceMs: number;
  readonly sentMs: number;
}

const order = JSON.parse(process.argv[2]!) as LoadOrder;
const meter = new LoadMeter(order.pid);
const zone = parseName(`${apex}.`)!;

/** One message a host, made before the clock runs. Its last four octets are the address. */
const messages = Array.from({ length: hostsUpdated }, (_, host) => {
  const owner = parseName(`cam${host}.${apex}.`)!;
  const record = { owner, type: types.A, ttlSeconds: 60, rdata: new Uint8Array(4) };
  const changes = [
    { kind: "delete-rrset", owner, type: types.A },
    { kind: "add", record },
  ] as const;
  return Buffer.from(writeMessage(makeUpdate(zone, { id: 0, changes })));
});

let number = order.firstNumber;
const underWayById = new Map<number, UnderWay>();
const pace = new Pace({
  rate: order.rate,
  hasRoom: () => underWayById.size < order.window,
  send: (sinceMs) => send(nextMessage(sinceMs)),
});

function nextMessage(sinceMs: number): Buffer {
  const sent = number++;
  const message = messages[sent % hostsUpdated]!;
  message.writeUInt16BE(sent % ids, 0);
  message.set(addressOctets(sent), message.length - 4);
  underWayById.set(sent % ids, { sinceMs, sentMs: performance.now() });
  return message;
}

function take(reply: Buffer): void {
  const id = reply.readUInt16BE(0);
  const underWay = underWayById.get(id);
  if (underWay === undefined) return; // came after it was given up
  underWayById.delete(id);
  const rcode = reply.readUInt8(3) & 0xf; // RFC 2136 §2.2
  if (rcode === 0) meter.done(underWay.sinceMs);
  else meter.failed(`RCODE ${rcode}`);
}

function giveUpLost(): void {
  const beforeMs = performance.now() - lostMs;
  for (const [id, { sentMs }] of underWayById) {
    if (sentMs > beforeMs) return; // they stand in the order in which they were sent
    underWayById.delete(id);
    meter.failed("no reply");
  }
}

async function openUdp(): Promise<(message: Buffer) => void> {
  const socket = await Bun.udpSocket({
    connect: { hostname: "127.0.0.1", port: order.port },
    socket: {
      data(_socket, datagram) {
        take(datagram);
        pace.fill();
      },
    },
  });
  return (message) => void socket.send(message);
}

/** RFC 1035 §4.2.2: two octets of length in front of every message. */
async function openTcp(): Promise<(message: Buffer) => void> {
  let unread = Buffer.alloc(0);
  let unsent = Buffer.alloc(0);
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port: order.port,
    socket: {
      data(_socket, octets) {
        unread = Buffer.concat([unread, octets]);
        while (unread.length >= 2 && unread.length >= 2 + unread.readUInt16BE(0)) {
          const end = 2 + unread.readUInt16BE(0);
          take(unread.subarray(2, end));
          unread = unread.subarray(end);
        }
        pace.fill();
      },
      drain: flush,
      close: () => meter.failed("the connection was closed"),
    },
  });
  function flush(): void {
    unsent = unsent.subarray(socket.write(unsent));
  }
  return (message) => {
    const length = Buffer.from([message.length >> 8, message.length]);
    unsent = Buffer.concat([unsent, length, message]);
    flush();
  };
}

const send = await (order.how === "udp-update" ? openUdp() : openTcp());

setInterval(() => {
  giveUpLost();
  pace.fill();
}, 100);
pace.start();
await Bun.sleep(order.warmUpMs);
meter.begin();
await Bun.sleep(order.measuredMs);
const result = meter.end(number);
process.stdout.write(JSON.stringify(result), () => process.exit(0));
