/** What the server says by DNS: the value of a host, the serial of the zone, and all of it checked. */

import { readSerial as serialOf } from "../../src/dns/soa-serial.ts";
import { makeQuery, readMessage, rcodes, writeMessage } from "../../src/dns/message.ts";
import { parseName } from "../../src/dns/name.ts";
import { types } from "../../src/dns/record-types.ts";
import { isNewerSerial } from "../../src/dns/serial.ts";
import { openUdpClient } from "../dns/client.ts";
import type { UdpClient } from "../dns/client.ts";
import type { Listener } from "../server.ts";
import { hostText, zoneText } from "./fill-hosts.ts";
import type { Fault, Ledger } from "./ledger.ts";

/** Questions under way at once: few enough that no socket buffer drops one. */
const lanes = 32;
/** Generous: the machine may be loaded. */
const waitMs = 10_000;

export interface NameReader extends Disposable {
  /** `undefined` when the name has no address. Throws when there is no answer. */
  readValue(host: number): Promise<Uint8Array | undefined>;
  readSerial(): Promise<number>;
}

export async function openNameReader(dns: Listener): Promise<NameReader> {
  const client = await openUdpClient(dns);
  let id = 0;
  const ask = (name: string, type: number) => {
    id = (id + 1) % 0x1_0000;
    return askOne(client, name, type, id);
  };
  return {
    readValue: (host) => ask(hostText(host), types.AAAA),
    async readSerial() {
      const soa = await ask(zoneText, types.SOA);
      if (soa === undefined) throw new Error("The zone has no SOA.");
      return serialOf(soa);
    },
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}

async function askOne(
  client: UdpClient,
  text: string,
  type: number,
  id: number,
): Promise<Uint8Array | undefined> {
  const query = writeMessage(makeQuery(parseName(`${text}.`)!, type, { id }));
  const reply = await client.ask(query, waitMs);
  if (reply === undefined) throw new Error(`No answer for ${text} within ${waitMs} ms.`);
  const message = readMessage(reply);
  if (message.rcode !== rcodes.NOERROR) throw new Error(`${text}: rcode ${message.rcode}.`);
  return message.answers.find((record) => record.type === type)?.rdata;
}

/** Every host against the ledger, and the serial against the newest that was seen before. */
export async function checkHosts(
  dns: Listener,
  ledger: Ledger,
  serialBefore: number,
): Promise<readonly Fault[]> {
  using reader = await openNameReader(dns);
  const faults: Fault[] = [];
  const after = await reader.readSerial();
  if (isNewerSerial(serialBefore, after)) {
    faults.push({ kind: "serial-went-back", before: serialBefore, after });
  }
  const readLane = async (lane: number): Promise<void> => {
    for (let host = lane; host < ledger.hosts; host += lanes) {
      const fault = ledger.check(host, await reader.readValue(host));
      if (fault !== undefined) faults.push(fault);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => readLane(lane)));
  return faults;
}
