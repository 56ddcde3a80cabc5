/** A name server of our own parts with one fault, for what must notice it. `faulty-server.ts FAULT serve …` */

import { systemClock } from "../../src/base/clock.ts";
import { DnsCounts } from "../../src/nameserver/dns-counts.ts";
import { listenTcp } from "../../src/nameserver/listen-tcp.ts";
import { listenUdp } from "../../src/nameserver/listen-udp.ts";
import { Responder } from "../../src/nameserver/respond.ts";
import { ZoneReader } from "../../src/zone/zone-reader.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { serveZoneFile } from "./served-zone.ts";

const table = new ZoneTable({ bytesMax: 8 * 1024 * 1024, hashSeed: 9 });
await serveZoneFile(table, "ddns.test");
const responder = new Responder(new ZoneReader(table.buffer, table.hashSeed, 0));
const respond = responder.respond.bind(responder);

const kept: Uint8Array[] = [];
const faults: Readonly<Record<string, (message: Uint8Array) => void>> = {
  none: () => undefined,
  /** Touched, so that it is resident. */
  leaks: () => void kept.push(new Uint8Array(1_024).fill(1)),
  talks: (message) => {
    if (message.length % 97 === 3) process.stderr.write(`What is ${message.toHex()}?\n`);
  },
  dies: (message) => {
    if (message.length % 97 === 3) process.kill(process.pid, "SIGKILL");
  },
  sticks: (message) => {
    for (; message.length % 97 === 3;);
  },
};
const fault = faults[process.argv[2] ?? ""];
if (fault === undefined) throw new Error("The fault is not one of those that can be planted.");
responder.respond = (message, length, transport) => {
  fault(message);
  return respond(message, length, transport);
};

const parts = {
  hostname: "127.0.0.1",
  responder,
  counts: new DnsCounts(),
  clock: systemClock,
  onFailure: (error: unknown) => void process.stderr.write(`${String(error)}\n`),
};

/** UDP chooses the port, and TCP may find the same number taken. */
async function listenBoth(): Promise<number> {
  for (let triesLeft = 20; ; triesLeft--) {
    const udp = await listenUdp({ ...parts, port: 0 });
    try {
      return listenTcp({ ...parts, port: udp.port }).port;
    } catch (error) {
      udp[Symbol.dispose]();
      if (triesLeft === 1) throw error;
    }
  }
}

process.stdout.write(
  `ready web=127.0.0.1:1 devices=127.0.0.1:2 dns=127.0.0.1:${await listenBoth()}\n`,
);
