/** Recorders with a wrong password that repeat their request: nobody else has anything of it. */

import { afterAll, beforeAll, expect, setDefaultTimeout } from "bun:test";
import { makeWorld } from "../adapters/world.ts";
import type { World } from "../adapters/world.ts";
import { testWith } from "../debian.ts";
import { exchangeOctets } from "../scenario/http-exchange.ts";
import type { TestServer } from "../server.ts";
import { runClient } from "./served-home.ts";

setDefaultTimeout(60_000);

const cam1 = "cam1.example.test";
const recorders = 500;

let world: World;
let server: TestServer;

beforeAll(async () => {
  world = await makeWorld();
  server = await world.start();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** As the firmware of TVT has it, once: its answer may be held back, which nobody here waits for. */
function makeAttempt(password: string): string {
  return `GET /nic/update?hostname=${cam1}&myip=192.0.2.66 HTTP/1.0\r\nAuthorization: Basic ${btoa(
    `cam:${password}`,
  )}\r\nUser-Agent: DDNS-Enterprise-Client-v2.0\r\n\r\n`;
}

async function countOutcome(outcome: string): Promise<number> {
  const metrics = await fetch(`http://127.0.0.1:${server.web.port}/metrics`);
  const pattern = new RegExp(`^nameward_updates_total\\{outcome="${outcome}"\\} (\\d+)$`, "m");
  return Number(pattern.exec(await metrics.text())?.[1]);
}

testWith(
  ["curl", "wget", "busybox"],
  `${recorders} recorders with a wrong password lock nobody out`,
  async () => {
    const attempts = Array.from({ length: recorders }, async () => {
      await exchangeOctets(server.devices, makeAttempt("wrong")).catch(() => "");
    });
    while ((await countOutcome("bad-credentials")) < 50) await Bun.sleep(20);
    const url = (address: string): string =>
      `cam:secret@127.0.0.1:${server.devices.port}/nic/update?hostname=${cam1}&myip=${address}`;
    for (let round = 1; round <= 5; round++) {
      for (const [client, ...command] of [
        ["curl", "-s", "--interface", "127.0.0.2"],
        ["curl", "-s"],
        ["wget", "-qO-", "--tries=1"],
        ["busybox", "wget", "-qO-"],
      ]) {
        const address = `203.0.113.${round}`;
        const { stdout } = await runClient([client!, ...command, `http://${url(address)}`]);
        expect([client, stdout]).toEqual([client, expect.stringMatching(/^(?:good|nochg) 203/)]);
      }
    }
    // Negative control: these were attempts, and they were refused.
    expect(await countOutcome("bad-credentials")).toBeGreaterThan(50);
    await server.stop();
    await Promise.all(attempts);
  },
);
