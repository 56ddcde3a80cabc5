/** The update client as a process, with a whole Nameward behind its service. */

import { afterAll, beforeAll, expect } from "bun:test";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { foreignHost, password, serveHome } from "../clients/served-home.ts";
import type { ServedHome } from "../clients/served-home.ts";
import { testWith } from "../debian.ts";
import { makeClientFolder, runOnce, startRunning } from "./running-client.ts";
import type { ClientFolder, RunningClient } from "./running-client.ts";

const tools = ["dig", "kdig"];
const host = "cam1.dyn.test";

let home: ServedHome;

beforeAll(async () => {
  home = await serveHome();
}, 60_000);
afterAll(() => home[Symbol.asyncDispose]());

/** One profile whose addresses come from the folder's source. */
function profile(folder: ClientFolder, given: Readonly<Record<string, string>> = {}): string[] {
  const settings = {
    service: "dyndns2",
    server: `http://${home.devices}`,
    user: "user1",
    password,
    hosts: `[${host}]`,
    ipv4: folder.source,
    private: "yes",
    ...given,
  };
  return Object.entries(settings).map(([name, value]) => `    ${name}: ${value}`);
}

/** Makes the client look, and waits until it has asked its source. */
async function look(client: RunningClient, folder: ClientFolder): Promise<void> {
  const before = await folder.looks();
  client.signal("SIGHUP");
  for (let tries = 0; (await folder.looks()) === before; tries++) {
    if (tries > 1_000) throw new Error("The client did not look");
    await Bun.sleep(20);
  }
}

/** What the server has counted since the last time it was asked. */
function counter(): (outcome: string) => Promise<number> {
  const seen = new Map<string, number>();
  return async (outcome) => {
    const count = await home.countOutcome(outcome);
    const before = seen.get(outcome) ?? 0;
    seen.set(outcome, count);
    return count - before;
  };
}

/** A file for the memory where no folder can be: root may write everywhere else. */
async function brokenState(folder: ClientFolder): Promise<string> {
  await Bun.write(join(folder.path, "file"), "");
  return join(folder.path, "file", "state");
}

testWith(
  tools,
  "an update a start and one a change, and nothing for all the looks between",
  async () => {
    await using folder = await makeClientFolder();
    await folder.move({ 4: "203.0.113.11" });
    const file = await folder.config(["profiles:", "  home:", ...profile(folder)]);
    const count = counter();
    await count("changed");
    await count("unchanged");
    {
      await using client = startRunning(["--config", file, "--state", folder.state]);
      await client.heard("accepted");
      expect(await home.resolve(host)).toBe("203.0.113.11");
      for (let i = 0; i < 3; i++) await look(client, folder);
      await folder.move({ 4: "203.0.113.12" });
      client.signal("SIGHUP");
      await client.heard("accepted", 2);
      expect(await home.resolve(host)).toBe("203.0.113.12");
      expect([await count("changed"), await count("unchanged")]).toEqual([2, 0]);
      const status = await runOnce(["status", "--state", folder.state]);
      expect(status.stdout).toMatch(/^running\n.*cam1.*\n +address +203\.0\.113\.12, accepted/);
      expect(status.stdout).toMatch(/last reply +accepted[^]*next check +in \d+ s/);
      expect(await client.stop()).toBe(0);
    }
    await using again = startRunning(["--config", file, "--state", folder.state]);
    await again.heard("unchanged");
    for (let i = 0; i < 3; i++) await look(again, folder);
    await folder.move({ 4: "203.0.113.13" });
    again.signal("SIGHUP");
    await again.heard("accepted");
    expect([await count("changed"), await count("unchanged")]).toEqual([1, 1]);
  },
);

testWith(
  tools,
  "a memory that cannot be written costs one update a start, and no more",
  async () => {
    await using folder = await makeClientFolder();
    await folder.move({ 4: "203.0.113.21" });
    const file = await folder.config(["profiles:", "  home:", ...profile(folder)]);
    const state = await brokenState(folder);
    const count = counter();
    await count("changed");
    await count("unchanged");
    await using client = startRunning(["--config", file, "--state", state]);
    await client.heard("accepted");
    for (let i = 0; i < 3; i++) await look(client, folder);
    await folder.move({ 4: "203.0.113.22" });
    client.signal("SIGHUP");
    await client.heard("accepted", 2);
    expect([await count("changed"), await count("unchanged")]).toEqual([2, 0]);
    const told = client.told.filter(
      ({ event, text }) => event === "memory" && /written/.test(text),
    );
    expect(told).toHaveLength(1);
    // From a timer it would be a flood, so a single look refuses, until it is told to.
    const refused = await runOnce(["once", "--config", file, "--state", state]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("without it each run would send");
    expect([await count("changed"), await count("unchanged")]).toEqual([0, 0]);
    const forced = await runOnce(["once", "--config", file, "--state", state, "--force"]);
    expect(forced.code).toBe(0);
    expect(await count("unchanged")).toBe(1);
  },
);

testWith(tools, "a refused host is left alone until its configuration changes", async () => {
  await using folder = await makeClientFolder();
  await folder.move({ 4: "203.0.113.31" });
  const hosts = `[${host}, ${foreignHost}]`;
  const lines = ["profiles:", "  home:", ...profile(folder, { hosts })];
  const wrong = ["  wrong:", ...profile(folder, { password: "not-this-one" })];
  const file = await folder.config([...lines, ...wrong]);
  const args = ["--config", file, "--state", folder.state];
  const count = counter();
  await count("unknown-host");
  await count("bad-credentials");
  {
    await using client = startRunning(args);
    await client.heard("accepted");
    await client.heard("refused", 2);
    for (let i = 0; i < 3; i++) await look(client, folder);
    await folder.move({ 4: "203.0.113.32" });
    client.signal("SIGHUP");
    await client.heard("accepted", 2);
  }
  await folder.move({ 4: "203.0.113.33" });
  const once = await runOnce(["once", ...args]);
  expect(once.code).toBe(3);
  expect(await home.resolve(host)).toBe("203.0.113.33");
  expect([await count("unknown-host"), await count("bad-credentials")]).toEqual([1, 1]);
  // Somebody has made good at the service what was wrong there, or believes so.
  expect((await runOnce(["once", ...args, "--force"])).code).toBe(3);
  expect([await count("unknown-host"), await count("bad-credentials")]).toEqual([1, 1]);
  expect((await runOnce(["once", ...args])).code).toBe(3);
  expect([await count("unknown-host"), await count("bad-credentials")]).toEqual([0, 0]);
  // The control: another password is another configuration, and is tried.
  await folder.config([...lines, "  wrong:", ...profile(folder, { password: "nor-this" })]);
  expect((await runOnce(["once", ...args])).code).toBe(3);
  expect([await count("unknown-host"), await count("bad-credentials")]).toEqual([0, 1]);
  await folder.config([...lines, "  wrong:", ...profile(folder)]);
  const mended = await runOnce(["once", ...args, "--json"]);
  expect(mended.stdout).toContain('"profile":"wrong"');
  expect(await count("bad-credentials")).toBe(0);
});

testWith(tools, "both families and another machine of the LAN are kept", async () => {
  await using folder = await makeClientFolder();
  await folder.move({ 4: "203.0.113.41", 6: "2001:db8:41::1" });
  const given = {
    hosts: `[${host}, "cam2.dyn.test ::211:32ff:fe11:2233"]`,
    ipv6: folder.source,
    "on-change": `[/bin/sh, -c, "echo $NAMEWARD_HOST $NAMEWARD_ADDRESS >>${folder.path}/changes"]`,
  };
  const file = await folder.config(["profiles:", "  home:", ...profile(folder, given)]);
  const once = await runOnce(["once", "--config", file, "--state", folder.state]);
  expect(once).toMatchObject({ code: 0 });
  expect(await home.resolve(host)).toBe("203.0.113.41");
  expect(await home.resolve(host, "AAAA")).toBe("2001:db8:41::1");
  expect(await home.resolve("cam2.dyn.test", "AAAA")).toBe("2001:db8:41:0:211:32ff:fe11:2233");
  expect(await home.resolve("cam2.dyn.test")).toBe("");
  const changes = await Bun.file(join(folder.path, "changes")).text();
  expect(changes.trim().split("\n").toSorted()).toEqual([
    `${host} 2001:db8:41::1`,
    `${host} 203.0.113.41`,
    "cam2.dyn.test 2001:db8:41:0:211:32ff:fe11:2233",
  ]);
});

testWith(
  tools,
  "a profile is told by flags, and its password comes from standard input",
  async () => {
    await using folder = await makeClientFolder();
    const args = ["--service", "dyndns2", "--server", `http://${home.devices}`, "--user", "user1"];
    const rest = [
      "--hosts",
      "cam2.dyn.test",
      "--ipv4",
      "fixed 203.0.113.51",
      "--state",
      folder.state,
    ];
    const flags = ["once", ...args, ...rest];
    const said = await runOnce([...flags, "--password-file", "-"], `${password}\n`);
    expect(said).toMatchObject({ code: 0 });
    expect(said.stderr + said.stdout).not.toContain(password);
    expect(await home.resolve("cam2.dyn.test")).toBe("203.0.113.51");
    const shown = await runOnce([...flags, "--password", password]);
    expect(shown).toMatchObject({ code: 2 });
    expect(shown.stderr).toContain("would show a secret");
    expect(shown.stderr).not.toContain(password);
  },
);

testWith(tools, "a configuration that others may read is warned of", async () => {
  await using folder = await makeClientFolder();
  await folder.move({ 4: "203.0.113.61" });
  const file = await folder.config(["profiles:", "  home:", ...profile(folder)]);
  const args = ["detect", "--config", file];
  expect((await runOnce(args)).stderr).toBe("");
  await chmod(file, 0o644);
  const detected = await runOnce(args);
  expect(detected.stderr).toContain("others may read it");
  expect(detected).toMatchObject({ code: 0, stdout: expect.stringContaining("203.0.113.61") });
});
