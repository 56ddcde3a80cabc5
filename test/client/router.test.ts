/** A real router, miniupnpd, in a network of its own with a home behind it: NAT-PMP, PCP and UPnP. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect } from "bun:test";
import { testWith } from "../debian.ts";
import { networkTools, openNetwork } from "./network.ts";
import type { Network } from "./network.ts";

const asker = `${import.meta.dir}/detect.ts`;

/** Where miniupnpd puts what it opens. */
const ruleset = `table inet filter {
  chain forward { type filter hook forward priority 0; policy accept; jump miniupnpd; }
  chain miniupnpd {}
  chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
  chain prerouting_miniupnpd {}
  chain postrouting { type nat hook postrouting priority 100; jump postrouting_miniupnpd; }
  chain postrouting_miniupnpd {}
}
`;

interface House extends AsyncDisposable {
  /** Asks a source inside, about IPv4 unless it is said. */
  detect(source: string, family?: 4 | 6): Promise<string>;
  /** What is open at the router now. */
  rules(): Promise<string>;
  /** What the router says of itself so far. */
  log(): Promise<string>;
}

async function openHouse(wanAddress: string): Promise<House> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(`${tmpdir()}/nameward-router-`);
  opened.defer(() => rm(folder, { recursive: true }));
  const router: Network = opened.use(await openNetwork());
  const home: Network = opened.use(await openNetwork());
  await router.ip(`link add lan0 type veth peer name eth0 netns ${home.pid}
    link add wan0 type veth peer name far0
    link set lan0 up
    link set wan0 up
    link set far0 up
    addr add 192.168.77.1/24 dev lan0
    addr add ${wanAddress}/24 dev wan0`);
  await home.ip(`link set eth0 up
    addr add 192.168.77.2/24 dev eth0
    route add default via 192.168.77.1`);
  await Bun.write(`${folder}/rules`, ruleset);
  await router.run(["nft", "-f", `${folder}/rules`]);
  await Bun.write(
    `${folder}/conf`,
    `ext_ifname=wan0
listening_ip=lan0
port=5000
enable_natpmp=yes
enable_upnp=yes
secure_mode=yes
uuid=00000000-0000-0000-0000-000000000001
allow 1024-65535 192.168.77.0/24 1024-65535
deny 0-65535 0.0.0.0/0 0-65535
`,
  );
  const log = `${folder}/log`;
  const script = `exec miniupnpd -d -f ${folder}/conf -P ${folder}/pid >${log} 2>&1`;
  const daemon = router.start(["sh", "-c", `PATH=$PATH:/usr/sbin; ${script}`]);
  while (!(await readLog(log)).includes("Listening for NAT-PMP")) {
    if (daemon.exitCode !== null) throw new Error(`miniupnpd ended: ${await readLog(log)}`);
    await Bun.sleep(20);
  }
  const parts = opened.move();
  return {
    detect: async (source, family = 4) => {
      return (await home.run([process.execPath, asker, String(family), "public", source])).trim();
    },
    rules: () => router.run(["nft", "list", "ruleset"]),
    log: () => readLog(log),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function readLog(path: string): Promise<string> {
  const file = Bun.file(path);
  return (await file.exists()) ? file.text() : "";
}

const tools = [...networkTools, "miniupnpd", "nft"];
const dialects = ["nat-pmp", "pcp", "upnp"] as const;

testWith(tools, "miniupnpd tells its external address in three dialects", async () => {
  await using house = await openHouse("8.8.4.4");
  const before = await house.rules();
  expect(before).toContain("prerouting_miniupnpd");
  const sources = [
    ...dialects,
    "nat-pmp 192.168.77.1",
    "pcp 192.168.77.1",
    "upnp http://192.168.77.1:5000/rootDesc.xml",
    "both nat-pmp and upnp",
  ];
  for (const source of sources) {
    expect([source, await house.detect(source)]).toEqual([source, "address: 8.8.4.4"]);
  }
  for (const source of dialects) expect(await house.detect(source, 6)).toMatch(/^none: /);
  // PCP opens something for a moment: it is seen to have been opened, and to be gone.
  const log = await house.log();
  expect(log.match(/PCP MAP: added mapping UDP/g)).toHaveLength(2);
  expect(log.match(/PCP: UDP port \d+ mapping removed/g)).toHaveLength(2);
  expect(await house.rules()).toBe(before);
});

testWith(
  tools,
  "a router that is itself behind a carrier's NAT tells no address of use",
  async () => {
    await using house = await openHouse("100.64.1.2");
    for (const source of dialects) {
      const said = await house.detect(source);
      // It does not tell such an address at all.
      expect([source, said]).toEqual([
        source,
        expect.stringMatching(/^(failed|none): the router /),
      ]);
    }
  },
);

testWith(networkTools, "where no router answers, that is said", async () => {
  await using home = await openNetwork();
  await home.ip(`link add eth0 type veth peer name far0
    link set eth0 up
    link set far0 up
    addr add 192.168.77.2/24 dev eth0`);
  for (const source of dialects) {
    const said = await home.run([process.execPath, asker, "4", "public", source]);
    expect(said).toMatch(/^failed: (no gateway is known|no router answers)/);
  }
});
