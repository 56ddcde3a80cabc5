/** Addresses of interfaces, and their changes, in a network made for it. */

import { expect } from "bun:test";
import { testWith } from "../debian.ts";
import { networkTools, openNetwork } from "./network.ts";
import type { Network } from "./network.ts";

const asker = `${import.meta.dir}/detect.ts`;

async function openInterfaces(): Promise<Network> {
  const network = await openNetwork();
  await network.ip(`link add wan0 type veth peer name lan0
    link set wan0 up
    link set lan0 up`);
  return network;
}

async function detect(
  network: Network,
  family: 4 | 6,
  name: string,
  reach = "public",
): Promise<string> {
  const command = [process.execPath, asker, String(family), reach, `interface ${name}`];
  return (await network.run(command)).trim();
}

testWith(networkTools, "an interface tells the addresses that stay and are global", async () => {
  await using network = await openInterfaces();
  expect(await detect(network, 4, "wan0")).toMatch(/^none: wan0 has no IPv4 address/);
  expect(await detect(network, 6, "wan0")).toMatch(/^none: wan0 has no IPv6 address/);
  expect(await detect(network, 4, "wan9")).toBe("failed: there is no interface wan9");
  await network.ip(`addr add 10.1.2.3/8 dev wan0
    addr add 8.8.4.4/24 dev wan0
    addr add fd00::1/64 dev wan0 nodad
    addr add 2600::1/64 dev wan0 nodad preferred_lft 0
    addr add 2600::2/64 dev wan0 nodad`);
  expect(await detect(network, 4, "wan0")).toBe("address: 8.8.4.4");
  expect(await detect(network, 6, "wan0")).toBe("address: 2600::2"); // 2600::1 is deprecated
  expect(await detect(network, 4, "wan0", "private")).toBe("address: 8.8.4.4");
  await network.ip(`addr del 8.8.4.4/24 dev wan0
    addr change 2600::1/64 dev wan0 preferred_lft forever`);
  expect(await detect(network, 4, "wan0")).toMatch(/^none: /);
  expect(await detect(network, 4, "wan0", "private")).toBe("address: 10.1.2.3");
  expect(await detect(network, 6, "wan0")).toBe("address: 2600::1"); // the lower of two that stay
  await network.ip(`addr del 2600::1/64 dev wan0
    addr change 2600::2/64 dev wan0 preferred_lft 0`);
  expect(await detect(network, 6, "wan0")).toMatch(/^none: /);
  expect(await detect(network, 6, "wan0", "private")).toBe("address: fd00::1");
});

testWith(networkTools, "temporary IPv6 addresses are left out (RFC 8981)", async () => {
  await using network = await openInterfaces();
  await network.run(["sh", "-c", "echo 2 >/proc/sys/net/ipv6/conf/wan0/use_tempaddr"]);
  // The system makes temporary addresses beside one of this kind, as it does for router advertisements.
  await network.ip(
    "addr add 2600::1:2:3:4/64 dev wan0 nodad mngtmpaddr valid_lft 4000 preferred_lft 3000",
  );
  const listed = async (): Promise<string> =>
    network.run(["ip", "-6", "addr", "show", "dev", "wan0"]);
  while (!/2600:\S+ scope global temporary dynamic/.test(await listed())) await Bun.sleep(50);
  expect(await detect(network, 6, "wan0")).toBe("address: 2600::1:2:3:4");
});

testWith(networkTools, "a changed address is told, renewed lifetimes are not", async () => {
  await using network = await openInterfaces();
  await network.ip("addr add 2600::1/64 dev wan0 nodad valid_lft 4000 preferred_lft 3000");
  const watcher = network.start([process.execPath, asker, "watch"]);
  const lines = watcher.stdout.pipeThrough(new TextDecoderStream()).getReader();
  expect((await lines.read()).value).toBe("watching\n");
  const changes = [
    "addr add 8.8.4.4/24 dev wan0",
    "addr add 2600::2/64 dev lan0 nodad",
    "addr change 2600::2/64 dev lan0 preferred_lft 0",
    "addr del 8.8.4.4/24 dev wan0",
  ];
  for (const change of changes) {
    await network.ip("addr change 2600::1/64 dev wan0 valid_lft 5000 preferred_lft 4000");
    await Bun.sleep(1_200); // long enough to be told, if it were
    await network.ip(change);
    expect((await lines.read()).value).toBe("changed\n");
  }
  await watcher.stdin.end();
  expect(await lines.read()).toEqual({ done: true, value: undefined }); // none for the renewals
  expect(await watcher.exited).toBe(0);
});
