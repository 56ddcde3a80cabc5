/** ddclient 3.10 as Debian 12 packages it, with the update path of the founding protocol. */

import { expect } from "bun:test";
import { testWith } from "../debian.ts";
import type { CommandResult } from "../server.ts";
import { foreignHost, password, runClient, serveHome } from "./served-home.ts";
import type { ServedHome } from "./served-home.ts";

const tools = ["ddclient", "dig", "kdig"];
const fixed = "use=ip, ip=203.0.113.77";

testWith(tools, "ddclient updates a host, and is told when nothing changed", async () => {
  await using home = await serveHome();
  const first = await runDdclient(home, { use: fixed, hosts: "cam1.dyn.test" });
  expect(first.code).toBe(0);
  expect(first.stdout + first.stderr).toContain(
    "SUCCESS:  updating cam1.dyn.test: good: IP address set to 203.0.113.77",
  );
  expect(await home.resolve("cam1.dyn.test")).toBe("203.0.113.77");
  const again = await runDdclient(home, { use: fixed, hosts: "cam1.dyn.test", args: ["-force"] });
  expect(again.code).toBe(0);
  expect(again.stdout + again.stderr).toContain("nochg");
  expect(await home.countOutcome("changed")).toBe(1);
  expect(await home.countOutcome("unchanged")).toBe(1);
  const receipt = await home.newestReceipt("cam1.dyn.test");
  expect(receipt).toMatchObject({ adapter: "mint", userAgent: "ddclient/3.10.0" });
});

testWith(tools, "ddclient gives each host the line that is its own", async () => {
  await using home = await serveHome();
  const hosts = `cam1.dyn.test,cam2.dyn.test,${foreignHost}`;
  const { stdout, stderr } = await runDdclient(home, { use: fixed, hosts });
  const said = stdout + stderr;
  expect(said).toMatch(/SUCCESS: +updating cam1\.dyn\.test: good/);
  expect(said).toMatch(/SUCCESS: +updating cam2\.dyn\.test: good/);
  expect(said).toMatch(/FAILED: +updating foreign\.dyn\.test: nohost/);
  expect(await home.resolve("cam2.dyn.test")).toBe("203.0.113.77");
  expect(await home.resolve(foreignHost)).toBe("");
});

testWith(tools, "ddclient reports a wrong password, and succeeds with the right one", async () => {
  await using home = await serveHome();
  const given = { use: fixed, hosts: "cam1.dyn.test" };
  const bad = await runDdclient(home, { ...given, password: "wrong" });
  expect(bad.stdout + bad.stderr).toContain("authorization failed");
  expect(await home.resolve("cam1.dyn.test")).toBe("");
  const good = await runDdclient(home, { ...given, args: ["-force"] });
  expect(good.stdout + good.stderr).toContain("SUCCESS");
  expect(await home.resolve("cam1.dyn.test")).toBe("203.0.113.77");
});

// ddclient looks for an address in headers and body: no header may hold one.
for (const page of ["/ipcheck.aspx", "/checkip, web-skip='Current IP Address:'"]) {
  testWith(tools, `ddclient publishes the address that ${page} tells`, async () => {
    await using home = await serveHome();
    const use = `use=web, web=${home.devices}${page}`;
    const { stdout, stderr } = await runDdclient(home, { use, hosts: "cam1.dyn.test" });
    expect(stdout + stderr).toContain("good: IP address set to 127.0.0.1");
    expect(await home.resolve("cam1.dyn.test")).toBe("127.0.0.1");
  });
}

async function runDdclient(
  home: ServedHome,
  given: { use: string; hosts: string; password?: string; args?: readonly string[] },
): Promise<CommandResult> {
  const file = `${home.folder}/ddclient.conf`;
  const lines = [
    "daemon=0\nsyslog=no\nmail=\nssl=no",
    given.use,
    "protocol=dyndns2",
    `server=${home.devices}`,
    "script=/nic/update/default.aspx",
    "login=user1",
    `password='${given.password ?? password}'`,
    `${given.hosts}\n`,
  ];
  await Bun.write(file, lines.join("\n"), { mode: 0o600 });
  const run = ["ddclient", "-daemon=0", "-noquiet", "-timeout", "5", "-file", file];
  const kept = ["-cache", `${home.folder}/cache`, "-pid", `${home.folder}/pid`];
  return runClient([...run, ...kept, ...(given.args ?? [])]);
}
