/** A process that sends device updates over HTTP, each on a connection of its own, as devices do. */

import type { Socket } from "bun";
import { LoadMeter } from "./load.ts";
import type { LoadOrder } from "./load.ts";
import { addressOctets, apex, credential, hostsUpdated } from "./names.ts";
import { Pace } from "./pace.ts";

interface Exchange {
  readonly request: string;
  readonly sinceMs: number;
  reply: string;
  isOver: boolean;
}

const order = JSON.parse(process.argv[2]!) as LoadOrder;
const isRepeat = order.how === "http-repeat";
const wanted = isRepeat ? "nochg " : "good ";
const meter = new LoadMeter(order.pid);
const { username, password } = credential;
const authorization = Buffer.from(`${username}:${password}`, "latin1").toString("base64");

let number = order.firstNumber;
let underWay = 0;
let isStopped = false;
const pace = new Pace({ rate: order.rate, hasRoom: () => underWay < order.window, send });
/** Repeats are quicker than the changes before them and overtake the last ones, so these are counted. */
let changesLeft = isRepeat ? hostsUpdated : 0;

function printRequest(): string {
  const sent = number++;
  const host = sent % hostsUpdated;
  const address = addressOctets(isRepeat ? order.firstNumber + host : sent).join(".");
  return `GET /nic/update?hostname=cam${host}.${apex}&myip=${address} HTTP/1.0\r
Host: ${apex}\r\nAuthorization: Basic ${authorization}\r\nUser-Agent: bench/1.0\r\n\r\n`;
}

const handlers = {
  open(socket: Socket<Exchange>) {
    socket.write(socket.data.request);
  },
  data(socket: Socket<Exchange>, octets: Buffer) {
    socket.data.reply += octets.toString("latin1");
  },
  end(socket: Socket<Exchange>) {
    finish(socket.data);
    socket.end();
  },
  close(socket: Socket<Exchange>) {
    finish(socket.data);
  },
  error(socket: Socket<Exchange>) {
    finish(socket.data);
  },
};

function send(sinceMs: number): void {
  underWay++;
  const data: Exchange = { request: printRequest(), sinceMs, reply: "", isOver: false };
  Bun.connect({ hostname: "127.0.0.1", port: order.port, socket: handlers, data }).catch(() =>
    finish(data),
  );
}

function finish(exchange: Exchange): void {
  if (exchange.isOver) return;
  exchange.isOver = true;
  underWay--;
  const body = exchange.reply.slice(exchange.reply.indexOf("\r\n\r\n") + 4);
  if (isRepeat && body.startsWith("good ")) changesLeft--;
  if (body.startsWith(wanted)) meter.done(exchange.sinceMs);
  else meter.failed(exchange.reply === "" ? "no reply" : exchange.reply);
  if (!isStopped) pace.fill();
}

pace.start();
await Bun.sleep(order.warmUpMs);
// A repeat is one only when every host has been given its address once.
while (changesLeft > 0) await Bun.sleep(10);
meter.begin();
await Bun.sleep(order.measuredMs);
const result = meter.end(number);
isStopped = true;
pace.stop();
process.stdout.write(JSON.stringify(result), () => process.exit(0));
