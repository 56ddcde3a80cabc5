/** The world that every recorded request finds: made once by the command line, copied for each file of cases. */

import { Database } from "bun:sqlite";
import { cp, rm } from "node:fs/promises";
import { exchangeOctets } from "../scenario/http-exchange.ts";
import { makeDataFolder, mustRun, startServer } from "../server.ts";
import type { TestServer } from "../server.ts";

export interface World extends AsyncDisposable {
  /** A server on a copy of it. */
  start(args?: readonly string[], command?: readonly string[]): Promise<TestServer>;
}

const hosts = {
  alice: ["cam1", "cam2", "held", "nas"],
  bob: ["foreign"],
  recorders: [],
};

const logins = [
  {
    username: "cam",
    password: "secret",
    args: ["--hosts", all("cam1", "cam2", "held"), "--accepts", "token,sha1,md5,gnudip"],
  },
  { username: "one", password: "only1", args: ["--hosts", all("nas"), "--accepts", "token"] },
  {
    username: "acme",
    password: "challenge",
    args: ["--hosts", all("cam1"), "--accepts", "token", "--only-challenges"],
  },
  {
    username: "cam1.example.test",
    password: "hostpass",
    args: ["--hosts", all("cam1"), "--accepts", "token"],
  },
  {
    username: "cam1",
    password: "labelpass",
    args: ["--hosts", all("cam1"), "--accepts", "gnudip"],
  },
] as const;

function all(...labels: readonly string[]): string {
  return labels.map((label) => `${label}.example.test`).join(",");
}

export async function makeWorld(): Promise<World> {
  const data = await makeDataFolder();
  await mustRun(["zone", "add", "example.test", "--private"], { data });
  await mustRun(["zone", "add", "auto.test", "--private"], { data });
  for (const [user, labels] of Object.entries(hosts)) {
    await mustRun(["user", "add", user, "--password-stdin"], { data, stdin: "Kk7mQ2xV9dRt4pLz" });
    for (const label of labels) {
      await mustRun(["host", "add", all(label), "--user", user], { data });
    }
  }
  for (const { username, password, args } of logins) {
    await mustRun(
      ["login", "add", "--user", "alice", "--username", username, "--password-stdin", ...args],
      { data, stdin: password },
    );
  }
  await mustRun(["zone", "open", "auto.test", "--for", "recorders", "--by", "device"], { data });
  // There is no command that blocks a host, so the operator's hand in the database stands for it.
  using database = new Database(`${data}/nameward.db`);
  database.run("update host set is_blocked = 1 where name = 'held.example.test'");
  return {
    async start(args = [], command) {
      const copy = await makeDataFolder();
      await cp(data, copy, { recursive: true });
      const server = await startServer({
        data: copy,
        args,
        ...(command === undefined ? {} : { command }),
      });
      const stop = server[Symbol.asyncDispose].bind(server);
      return {
        ...server,
        async [Symbol.asyncDispose]() {
          await stop();
          await rm(copy, { recursive: true, force: true });
        },
      };
    },
    [Symbol.asyncDispose]: () => rm(data, { recursive: true, force: true }),
  };
}

/** What every case finds: cam1 and cam2 have their addresses, nas has none. By the founding path, as a device does it. */
export async function resetAddresses(server: TestServer): Promise<void> {
  const steps = [
    ["cam:secret", `hostname=${all("cam1", "cam2")}&offline=YES`],
    ["one:only1", `hostname=${all("nas")}&offline=YES`],
    ["cam:secret", `hostname=${all("cam1", "cam2")}&myip=192.0.2.1`],
    ["cam:secret", `hostname=${all("cam2")}&myip=2001:db8::1`],
  ] as const;
  for (const [login, query] of steps) {
    const head = `GET /nic/update?${query} HTTP/1.0\r\nAuthorization: Basic ${btoa(login)}\r\n\r\n`;
    const reply = await exchangeOctets(server.devices, head);
    if (!/\r\n\r\n(?:good|nochg)/.test(reply))
      throw new Error(`The world is not as it was: ${reply}`);
  }
}
