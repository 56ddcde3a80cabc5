/** A bulk import that is cut off by `kill -9`: all of its hosts are there afterwards, or none; all where it was answered. */

import { rm } from "node:fs/promises";
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { makeDataFolder, mustRun } from "../server.ts";
import { admin, startWebHome, zone } from "../web/web-home.ts";
import type { SignedIn } from "../web/web-home.ts";

const hosts = 20_000;
/** When the server is killed, in parts of the time that an import takes undisturbed. */
const moments = [0.3, 0.6, 0.75, 0.85, 0.95, 1.05];
const timeoutMs = 120_000;

type Send = (ada: SignedIn) => Promise<unknown>;

const importAll: Send = (ada) => ada.send("POST", "/hosts/bulk", "text/csv", makeFile());

function makeFile(): string {
  const rows = Array.from({ length: hosts }, (_, at) => `t${at}.${zone},192.0.2.1,yes`);
  return `name,v4,login\n${rows.join("\n")}\n`;
}

interface Found {
  readonly hosts: number;
  readonly logins: number;
  readonly isAnswered: boolean;
  /** Until it was answered or cut off. */
  readonly tookMs: number;
}

/** One service, one cut: what is there afterwards, in the file as the next start finds it. */
async function cutOff(send: Send, afterMs: number): Promise<Found> {
  const data = await makeDataFolder();
  try {
    await mustRun(["zone", "add", zone, "--private"], { data });
    const sent = await sendAndKill(data, send, afterMs);
    using database = new Database(`${data}/nameward.db`);
    const count = (table: string): number =>
      database.query<{ n: number }, []>(`select count(*) as n from ${table}`).get()!.n;
    return { hosts: count("host"), logins: count("login_host"), ...sent };
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function sendAndKill(
  data: string,
  send: Send,
  afterMs: number,
): Promise<Pick<Found, "isAnswered" | "tookMs">> {
  let isAnswered = false;
  await using home = await startWebHome([], data);
  const ada = await home.signIn(admin);
  await ada.call("PATCH", `/users/${admin.name}`, { quota: { hosts: 90_000, logins: 90_000 } });
  const startedAt = performance.now();
  const sent = send(ada).then(
    () => void (isAnswered = true),
    () => undefined,
  );
  await Promise.race([sent, Bun.sleep(afterMs)]);
  const tookMs = performance.now() - startedAt;
  await home.server.kill();
  await sent;
  return { isAnswered, tookMs };
}

function isWhole({ hosts: found, logins, isAnswered }: Found): boolean {
  return found === logins && (found === hosts || (found === 0 && !isAnswered));
}

test(
  "an import that is cut off is there as a whole or not at all",
  async () => {
    const whole = await cutOff(importAll, timeoutMs);
    expect(whole).toMatchObject({ hosts, isAnswered: true });
    const found: Found[] = [];
    for (const moment of moments) found.push(await cutOff(importAll, moment * whole.tookMs));
    expect(found.filter((one) => !isWhole(one))).toEqual([]);
    const kept = found.filter((one) => one.hosts > 0).length;
    process.stderr.write(`${moments.length} imports cut off: ${kept} there, the rest not\n`);
    expect(kept).toBeLessThan(moments.length);
  },
  timeoutMs,
);

test(
  "the harness notices hosts that come one by one",
  async () => {
    const oneByOne: Send = async (ada) => {
      for (let at = 0; at < hosts; at++) {
        await ada.call("POST", "/hosts", { name: `t${at}.${zone}` });
      }
    };
    expect(isWhole(await cutOff(oneByOne, 1_000))).toBe(false);
  },
  timeoutMs,
);
