/** inadyn 2.10 as Debian 12 packages it, with a provider of its user's own. */

import { expect } from "bun:test";
import { testWith } from "../debian.ts";
import type { CommandResult } from "../server.ts";
import { password, runClient, serveHome } from "./served-home.ts";
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

async function runInadyn(home: ServedHome, secret: string): Promise<CommandResult> {
  const file = `${home.folder}/inadyn.conf`;
  // The server sees loopback here, which inadyn refuses unless told otherwise.
  const config = `period = 60
verify-address = false
custom ddns@local {
  ssl = false
  username = user1
  password = "${secret}"
  checkip-server = "${home.devices}"
  checkip-path = "/ipcheck.aspx"
  checkip-ssl = false
  ddns-server = "${home.devices}"
  ddns-path = "/nic/update?hostname=%h&myip=%i"
  hostname = "cam1.dyn.test"
}
`;
  await Bun.write(file, config, { mode: 0o600 });
  const folders = [`--cache-dir=${home.folder}`, "--no-pidfile"];
  return runClient(["inadyn", "-1", "-n", "--force", ...folders, "-l", "info", "-f", file]);
}
