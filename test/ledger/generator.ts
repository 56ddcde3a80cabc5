/** Devices that change their addresses as fast as the server answers, over a connection each time. */

import { addressFromOctets } from "../../src/base/address.ts";
import type { Listener } from "../server.ts";
import { hostText, password, username } from "./fill-hosts.ts";
import { makeValue } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";

export interface Generator {
  /** Sends nothing more, and waits for the answers that are under way. */
  stop(): Promise<void>;
}

/** Connections at once. The changes of one host come strictly one after the other. */
const lanes = 64;

export function startGenerator(devices: Listener, ledger: Ledger): Generator {
  let isStopping = false;
  const drive = async (lane: number): Promise<void> => {
    for (let host = lane; !isStopping; host = host + lanes < ledger.hosts ? host + lanes : lane) {
      const change = ledger.send(host);
      ledger.answer(host, await askUpdate(devices, host, change));
    }
  };
  const driving = Promise.all(Array.from({ length: lanes }, (_, lane) => drive(lane)));
  return {
    async stop() {
      isStopping = true;
      await driving;
    },
  };
}

/**
 * One update and the first word of its answer, behind the status where that is not 200: `good`,
 * `503 dnserr`. Empty when the connection ended without an answer.
 */
export async function askUpdate(
  devices: Listener,
  host: number,
  change: number,
  path = "/nic/update",
): Promise<string> {
  const address = addressFromOctets(makeValue(host, change)).text;
  const request = [
    `GET ${path}?hostname=${hostText(host)}&myip=${address} HTTP/1.0`,
    "Host: ledger.test",
    `Authorization: Basic ${btoa(`${username}:${password}`)}`,
    "User-Agent: Nameward - ledger - 1.0",
    "",
    "",
  ].join("\r\n");
  const reply = await exchange(devices, request);
  const found = /^HTTP\/1\.[01] (\d{3})[^]*?\r\n\r\n(\w+)/.exec(reply);
  if (found === null) return "";
  const [, status = "", word = ""] = found;
  return status === "200" ? word : `${status} ${word}`;
}

/** All that comes back until the connection ends, however it ends. */
async function exchange(devices: Listener, request: string): Promise<string> {
  const ended = Promise.withResolvers<void>();
  let reply = "";
  try {
    await Bun.connect({
      hostname: devices.hostname,
      port: devices.port,
      socket: {
        open: (socket) => void socket.write(request),
        data: (_, octets) => void (reply += octets.toString("latin1")),
        end: (socket) => void socket.end(),
        close: () => ended.resolve(),
        error: () => ended.resolve(),
        connectError: () => ended.resolve(),
      },
    });
  } catch {
    return ""; // nobody listens any more
  }
  await ended.promise;
  return reply;
}
