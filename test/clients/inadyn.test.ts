/** inadyn 2.10 as Debian 12 packages it: with a provider of its user's own, and with one it has built in. */

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
