/** A process that sends updates in one way, each on a connection of its own, as devices do. */

import type { Socket } from "bun";
import { hostName, hostsPerLogin, loginOf, makeWays, waysHosts } from "./adapter-ways.ts";
import type { CloudflareIds, WayName } from "./adapter-ways.ts";
import { LoadMeter } from "./load.ts";
import { addressOctets, apex } from "./names.ts";
import { Pace } from "./pace.ts";

export interface AdapterOrder {
  readonly way: WayName;
  readonly devicePort: number;
  readonly gnudipPort: number;
  readonly pid: number;
  readonly window: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  /** No two orders of one run share addresses, so that every update is a change. */
  readonly firstNumber: number;
}

interface Exchange {
  readonly host: number;
  readonly address: string;
  readonly sinceMs: number;
  reply: string;
  isAsked: boolean;
  isOver: boolean;
}

const order = JSON.parse(process.argv[2]!) as AdapterOrder;
const isCloudflare = order.way === "cloudflare";
const way = makeWays(isCloudflare ? await askForIds() : { zone: "", records: [] })[order.way];
const meter = new LoadMeter(order.pid);
let number = order.firstNumber;
let underWay = 0;
let isStopped = false;
const pace = new Pace({ rate: undefined, hasRoom: () => underWay < order.window, send });

/** As a client does it once, before its updates. */
async function askForIds(): Promise<CloudflareIds> {
  let zone = "";
  const records: string[] = [];
  for (let host = 0; host < waysHosts; host += hostsPerLogin) {
    const headers = { authorization: `Bearer ${loginOf(host).password}` };
    const ask = async (path: string) => {
      const url = `http://127.0.0.1:${order.devicePort}/client/v4/${path}`;
      const reply = await fetch(url, { headers });
      return (await reply.json()) as { result: readonly { id: string; name: string }[] };
    };
    zone = (await ask(`zones?name=${apex}`)).result[0]!.id;
    const found = (await ask(`zones/${zone}/dns_records?type=A`)).result;
    for (let at = host; at < host + hostsPerLogin; at++) {
      records.push(found.find(({ name }) => name === hostName(at))!.id);
    }
  }
  return { zone, records };
}

const handlers = {
  open(socket: Socket<Exchange>) {
    if (way.isTalk !== true) say(socket, "");
  },
  data(socket: Socket<Exchange>, octets: Buffer) {
    const exchange = socket.data;
    exchange.reply += octets.toString("latin1");
    if (!exchange.isAsked && exchange.reply.endsWith("\n")) say(socket, exchange.reply.trim());
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

function say(socket: Socket<Exchange>, salt: string): void {
  const { host, address } = socket.data;
  socket.data.isAsked = true;
  socket.write(way.request(host, address, salt));
}

function send(sinceMs: number): void {
  underWay++;
  const sent = number++;
  const address = addressOctets(sent).join(".");
  const host = sent % waysHosts;
  const data = { host, address, sinceMs, reply: "", isAsked: false, isOver: false };
  const port = way.isTalk === true ? order.gnudipPort : order.devicePort;
  Bun.connect<Exchange>({ hostname: "127.0.0.1", port, socket: handlers, data }).catch(() =>
    finish(data),
  );
}

function finish(exchange: Exchange): void {
  if (exchange.isOver) return;
  exchange.isOver = true;
  underWay--;
  if (exchange.reply.includes(way.taken)) meter.done(exchange.sinceMs);
  else meter.failed(exchange.reply === "" ? "no reply" : exchange.reply);
  if (!isStopped) pace.fill();
}

pace.start();
await Bun.sleep(order.warmUpMs);
meter.begin();
await Bun.sleep(order.measuredMs);
const result = meter.end(number);
isStopped = true;
pace.stop();
process.stdout.write(JSON.stringify(result), () => process.exit(0));
