/** An interface gets another address, and DNS has it long before the next look would be due. */

import { expect } from "bun:test";
import { rm } from "node:fs/promises";
import { makeHome, password, runClient } from "../clients/served-home.ts";
import { testWith } from "../debian.ts";
import { makeDataFolder, program, startServer } from "../server.ts";
import { networkTools, openNetwork } from "./network.ts";
import { makeClientFolder, startRunning } from "./running-client.ts";

const tools = ["dig", ...networkTools];
const host = "cam1.dyn.test";

testWith(
  tools,
  "a change of an interface's address reaches DNS without a look being due",
  async () => {
    await using network = await openNetwork();
    await network.ip(`link set lo up
    link add lan0 type veth peer name lan1
    link set lan0 up
    link set lan1 up
    addr add 203.0.114.7/24 dev lan0`);
    const enter = ["nsenter", "--target", `${network.pid}`, "--net"];
    const data = await makeDataFolder();
    try {
      await makeHome(data);
      await using server = await startServer({ data, command: [...enter, program] });
      await using folder = await makeClientFolder();
      const file = await folder.config([
        "poll: 1d",
        "profiles:",
        "  home:",
        "    service: dyndns2",
        `    server: http://127.0.0.1:${server.devices.port}`,
        "    user: user1",
        `    password: ${password}`,
        `    hosts: [${host}]`,
        "    ipv4: interface lan0",
      ]);
      await using client = startRunning(["--config", file, "--state", folder.state], enter);
      await client.heard("accepted");
      await network.ip(`addr del 203.0.114.7/24 dev lan0
      addr add 203.0.114.8/24 dev lan0`);
      const told = await client.heard("accepted", 2);
      expect(told.address).toBe("203.0.114.8");
      const query = ["@127.0.0.1", "-p", `${server.dns.port}`, "+short", host, "A"];
      expect((await runClient([...enter, "dig", ...query])).stdout).toBe("203.0.114.8\n");
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  },
  60_000,
);
