/** The whole program in a net of its own, where every server listens on port 53 as in the world. */

import { fileURLToPath } from "node:url";
import { expect } from "bun:test";
import { networkTools } from "../client/network.ts";
import { testWith, tool } from "../debian.ts";

const script = fileURLToPath(new URL("whole-net.ts", import.meta.url));

testWith(
  [...networkTools, "knotd", "unbound"],
  "a zone that is delegated to this server is good in every row, over UDP and TCP, IPv4 and IPv6",
  async () => {
    const child = Bun.spawn([tool("unshare")!, "--net", process.execPath, script], {
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [output, errors] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    if ((await child.exited) !== 0) throw new Error(errors);
    const report = JSON.parse(output) as { rows: Record<string, unknown>[] };
    expect(report).toMatchObject({
      wanted: {
        ns: ["dyn2.test. IN NS ns1.dyn2.test."],
        glue: ["ns1.dyn2.test. IN A 192.0.2.53", "ns1.dyn2.test. IN AAAA 2001:db8::53"],
        ds: [],
        withoutAddress: [],
      },
      parent: "test",
      fault: null,
    });
    const asked = report.rows.map(({ role, address, transport, isGood }) =>
      [role, address, transport, isGood].join(" "),
    );
    expect(asked).toEqual([
      "parent 192.0.2.1 udp true",
      "parent 192.0.2.1 tcp true",
      "own 192.0.2.53 udp true",
      "own 192.0.2.53 tcp true",
      "own 2001:db8::53 udp true",
      "own 2001:db8::53 tcp true",
      "resolver 192.0.2.2 udp true",
    ]);
  },
  180_000,
);
