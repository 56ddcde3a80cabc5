/** When a session ends, by the clock of the machine: the server runs under faketime (ASVS 7.3.1, 7.3.2, row A29). */

import { Database } from "bun:sqlite";
import { expect, setDefaultTimeout } from "bun:test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { testWith, tool } from "../debian.ts";
import { makeDataFolder, mustRun, startServer } from "../server.ts";
import type { TestServer } from "../server.ts";
import { admin, other, signIn } from "../web/web-home.ts";

setDefaultTimeout(120_000);
const timeoutMs = 120_000;

const dayMinutes = 24 * 60;
/** Minutes since the sign-in, and whether administrator and user are in; each look uses the session of who still is. */
const idle = [
  [29, true, true],
  [58, true, true],
  [58 + 31, false, true],
  [89 + 719, false, true],
  [808 + 721, false, false],
] as const;
/** The same where each was in use all the time until then. */
const whole = [
  [11 * 60, true, true],
  [12 * 60 + 1, false, true],
  [14 * dayMinutes - 1, false, true],
  [14 * dayMinutes + 1, false, false],
] as const;

for (const [title, moments, isUsed] of [
  ["unused, after 30 minutes for an administrator and 12 hours for others", idle, false],
  ["used, after 12 hours for an administrator and 14 days for others", whole, true],
] as const) {
  testWith(
    ["faketime"],
    `the server ends a session that is ${title}`,
    async () => {
      const data = await makeDataFolder();
      try {
        const [ofAdmin, ofUser] = await signInBoth(data);
        const begunMs = Date.now();
        // The program itself would stay between us and the server, and keep the signals.
        const library = Bun.spawnSync([tool("faketime")!, "-f", "+0", "printenv", "LD_PRELOAD"]);
        const preload = { LD_PRELOAD: library.stdout.toString().trim() };
        for (const [minutes, isAdminIn, isUserIn] of moments) {
          if (isUsed) noteUse(data, begunMs + minutes * 60_000);
          await using server = await startServer({
            data,
            env: { ...preload, FAKETIME: `+${minutes}m`, DONT_FAKE_MONOTONIC: "1" },
          });
          const found = [await isIn(server, ofAdmin), await isIn(server, ofUser)];
          expect([minutes, ...found]).toEqual([minutes, isAdminIn, isUserIn]);
        }
      } finally {
        await rm(data, { recursive: true, force: true });
      }
    },
    timeoutMs,
  );
}

async function signInBoth(data: string): Promise<readonly [string, string]> {
  const add = (who: typeof admin | typeof other, flags: readonly string[]) =>
    mustRun(["user", "add", who.name, "--password-stdin", ...flags], { data, stdin: who.password });
  await add(admin, ["--admin"]);
  await add(other, []);
  await using server = await startServer({ data });
  const origin = originOf(server);
  const [one, two] = [await signIn(origin, admin), await signIn(origin, other)];
  return [one.cookies[0]!.value, two.cookies[0]!.value];
}

function originOf({ web }: TestServer): string {
  return `http://${web.hostname}:${web.port}`;
}

/** A use is noted once a minute; this is the note of it. */
function noteUse(data: string, atMs: number): void {
  using file = new Database(join(data, "nameward.db"));
  expect(file.run("update session set seen_at_ms = ?", [atMs]).changes).toBeGreaterThan(0);
}

async function isIn(server: TestServer, cookie: string): Promise<boolean> {
  const headers = { Cookie: `__Host-nameward=${cookie}` };
  const reply = await fetch(`${originOf(server)}/api/v1/account`, { headers });
  expect([200, 401]).toContain(reply.status);
  await Bun.sleep(200); // the use is written behind the answer
  return reply.status === 200;
}
