/** A data folder with the one host and the one login that the guides' examples report for. */

import { rm } from "node:fs/promises";
import { makeDataFolder, mustRun } from "../server.ts";

export interface GuideHome extends AsyncDisposable {
  readonly data: string;
}

export async function addHome(given: {
  readonly host: string;
  readonly username: string;
  readonly password?: string;
}): Promise<GuideHome> {
  const data = await makeDataFolder();
  const zone = given.host.slice(given.host.indexOf(".") + 1);
  await mustRun(["zone", "add", zone, "--private"], { data });
  await mustRun(["user", "add", "alice", "--password-stdin"], { data, stdin: "Kk7mQ2xV9dRt4pLz" });
  await mustRun(["host", "add", given.host, "--user", "alice"], { data });
  await mustRun(
    [
      "login",
      "add",
      "--user",
      "alice",
      "--username",
      given.username,
      "--password-stdin",
      "--hosts",
      given.host,
    ],
    { data, stdin: given.password ?? "" },
  );
  return { data, [Symbol.asyncDispose]: () => rm(data, { recursive: true, force: true }) };
}
