/** A net of its own (it is started in one): Knot is the parent, Unbound the resolver, all at port 53; prints what the API says. */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { $ } from "bun";
import { tool } from "../debian.ts";
import { admin, startWebHome } from "../web/web-home.ts";

const parentZone = `$TTL 300
@ SOA ns.test. hostmaster.test. 1 3600 600 86400 60
@ NS ns.test.
ns A 192.0.2.1
$ORIGIN dyn2.test.
@ NS ns1
ns1 A 192.0.2.53
ns1 AAAA 2001:db8::53
`;

const folder = mkdtempSync(`${tmpdir()}/nameward-net-`);
await Bun.write(`${folder}/test.zone`, parentZone);
await Bun.write(
  `${folder}/knot.conf`,
  `server:
    rundir: "${folder}"
    listen: 192.0.2.1@53
    udp-workers: 1
    tcp-workers: 1
database:
    storage: "${folder}"
template:
  - id: default
    storage: "${folder}"
    zonefile-sync: -1
    journal-content: none
    semantic-checks: off
    file: "%s.zone"
zone:
  - domain: test.
`,
);
await Bun.write(
  `${folder}/unbound.conf`,
  `server:
  directory: "${folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  interface: 192.0.2.2
  access-control: 0.0.0.0/0 allow
  outgoing-interface: 192.0.2.2
  do-ip6: no
  do-not-query-localhost: no
  local-zone: "test." nodefault
  module-config: "iterator"
  num-threads: 1
remote-control:
  control-enable: no
stub-zone:
  name: "test"
  stub-addr: 192.0.2.1
`,
);
const ip = tool("ip")!;
await $`${ip} link set lo up`;
for (const address of ["192.0.2.1/32", "192.0.2.2/32", "192.0.2.53/32", "2001:db8::53/128"]) {
  await $`${ip} addr add ${address} dev lo nodad`;
}
const quiet = { stdin: "ignore", stdout: "ignore", stderr: "ignore" } as const;
const servers = [
  Bun.spawn([tool("knotd")!, "-c", `${folder}/knot.conf`], quiet),
  Bun.spawn([tool("unbound")!, "-d", "-p", "-c", `${folder}/unbound.conf`], quiet),
];
{
  await using home = await startWebHome(["--dns", "192.0.2.53:53,[2001:db8::53]:53"]);
  const ada = await home.signIn(admin);
  await ada.call("PATCH", "/settings", { resolvers: "192.0.2.2" });
  await ada.call("POST", "/zones", { name: "dyn2.test" });
  const check = () => ada.call("GET", "/zones/dyn2.test/delegation");
  // The two need a moment until they answer, and so does the machine.
  for (let tries = 0; tries < 20; tries++) {
    const { parent } = (await check().catch(() => ({}))) as { parent?: string | null };
    if (parent === "test") break;
    await Bun.sleep(5_000);
  }
  const add = [
    { owner: "ns1", type: "A", ttlSeconds: 300, data: "192.0.2.53" },
    { owner: "ns1", type: "AAAA", ttlSeconds: 300, data: "2001:db8::53" },
  ];
  await ada.call("POST", "/zones/dyn2.test/records", { add });
  process.stdout.write(JSON.stringify(await check()));
}
for (const server of servers) {
  server.kill("SIGKILL");
  await server.exited;
}
await $`rm -rf ${folder}`;
