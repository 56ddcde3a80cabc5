/** inadyn 2.10 as Debian 12 packages it: with a provider of its user's own, and with one it has built in. */

import { Database } from "bun:sqlite";
import { expect } from "bun:test";
import { testWith } from "../debian.ts";
import type { CommandResult } from "../server.ts";
import { namespaceTools, password, serveHome } from "./served-home.ts";
import type { ServedHome } from "./served-home.ts";

const tools = ["inadyn", "dig", "kdig"];

testWith(tools, "inadyn publishes the address that the server sees", async () => {
  await using home = await serveHome();
  const result = await runInadyn(home, password);
  expect([result.code, result.stderr]).toEqual([0, expect.any(String)]);
  expect(await home.resolve("cam1.dyn.test")).toBe("127.0.0.1");
  const receipt = await home.newestReceipt("cam1.dyn.test");
  expect(receipt).toMatchObject({ outcome: "changed", username: "user1" });
});

testWith(tools, "inadyn ends and says why when the password is wrong", async () => {
  await using home = await serveHome();
  const { code, stdout, stderr } = await runInadyn(home, "wrong");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toMatch(/auth/i);
  expect(await home.resolve("cam1.dyn.test")).toBe("");
  expect(await home.countOutcome("bad-credentials")).toBe(1);
});

/** What inadyn has built in for dyndns.org: where it asks for its address, and where it updates. */
const dyndnsNames = ["members.dyndns.org", "checkip.dyndns.org", "checkip.dyndns.com"];

testWith(
  [...tools, ...namespaceTools],
  "inadyn's own dyndns provider updates us where we stand in for its service",
  async () => {
    await using home = await serveHome({
      args: ["--devices", "127.0.0.1:80"],
      impersonates: dyndnsNames,
    });
    const result = await runInadyn(home, password, "provider default@dyndns.org");
    expect([result.code, result.stderr]).toEqual([0, expect.any(String)]);
    expect(await home.resolve("cam1.dyn.test")).toBe("127.0.0.1");
    const receipt = await home.newestReceipt("cam1.dyn.test");
    expect(receipt).toMatchObject({ outcome: "changed", username: "user1", adapter: "dyndns" });
  },
);

function customProvider(home: ServedHome): string {
  return `checkip-server = "${home.devices}"
  checkip-path = "/ipcheck.aspx"
  checkip-ssl = false
  ddns-server = "${home.devices}"
  ddns-path = "/nic/update?hostname=%h&myip=%i"`;
}

async function runInadyn(
  home: ServedHome,
  secret: string,
  provider = "custom ddns@local",
): Promise<CommandResult> {
  const file = `${home.folder}/inadyn.conf`;
  // The server sees loopback here, which inadyn refuses unless told otherwise.
  const config = `period = 60
verify-address = false
${provider} {
  ssl = false
  username = user1
  password = "${secret}"
  ${provider.startsWith("custom") ? customProvider(home) : ""}
  hostname = "cam1.dyn.test"
}
`;
  await Bun.write(file, config, { mode: 0o600 });
  const folders = [`--cache-dir=${home.folder}`, "--no-pidfile"];
  return home.run(["inadyn", "-1", "-n", "--force", ...folders, "-l", "info", "-f", file]);
}

/** Whether inadyn's daemon is there a while after it has been answered. */
async function outlives(
  home: ServedHome,
  server: string,
  answered: () => boolean,
): Promise<boolean> {
  const file = `${home.folder}/daemon.conf`;
  const config = `period = 60
verify-address = false
custom ddns@local {
  ssl = false
  username = user1
  password = "${password}"
  checkip-server = "${home.devices}"
  checkip-path = "/ipcheck.aspx"
  checkip-ssl = false
  ddns-server = "${server}"
  ddns-path = "/nic/update?hostname=%h&myip=%i"
  hostname = "cam1.dyn.test"
}
`;
  await Bun.write(file, config, { mode: 0o600 });
  const kept = [`--cache-dir=${home.folder}`, "--no-pidfile", "-f", file];
  const child = Bun.spawn(["inadyn", "-n", "-l", "debug", "-t", "0", ...kept], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  const untilMs = performance.now() + 20_000;
  while (!answered() && performance.now() < untilMs) await Bun.sleep(20);
  expect(answered()).toBe(true);
  const ended = await Promise.race([child.exited.then(() => true), Bun.sleep(2_000)]);
  child.kill("SIGKILL");
  return ended !== true;
}

testWith(
  tools,
  "a passing trouble of ours does not end inadyn's daemon, and 429 would",
  async () => {
    await using home = await serveHome();
    using database = new Database(`${home.server.data}/nameward.db`);
    database.run("pragma busy_timeout = 10000");
    database.run("begin immediate");
    let refused = 0;
    const watch = setInterval(() => {
      void home.countOutcome("try-later").then((count) => (refused = count));
    }, 50);
    expect(await outlives(home, home.devices, () => refused > 0)).toBe(true);
    clearInterval(watch);
    database.run("rollback");

    // Negative control: a server that says "too many requests".
    let asked = 0;
    await using stub = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => {
        asked++;
        return new Response("slow down", { status: 429 });
      },
    });
    expect(await outlives(home, `127.0.0.1:${stub.port}`, () => asked > 0)).toBe(false);
  },
);
