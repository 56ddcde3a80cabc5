/** `nameward zone export`, as programs of others read it. */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "bun:test";
import { parseAddress } from "../../src/base/address.ts";
import { systemClock } from "../../src/base/clock.ts";
import { openStore } from "../../src/store/open-store.ts";
import { CommandLine } from "../command-line.ts";
import { testWith, tool } from "../debian.ts";
import { quietLog } from "../quiet-log.ts";
import { scratchFile } from "./zone-judge.ts";

const program = fileURLToPath(new URL("../../bin/nameward", import.meta.url));
const apex = "dyn.test";
const zoneFile = `
$TTL 300
@ SOA ns hostmaster 7 3600 600 86400 60
@ NS ns
ns A 192.0.2.53
@ MX 10 mail
mail A 192.0.2.25
*.wild TXT "below a wildcard"
child NS ns.child
ns.child A 192.0.2.99
a\\.b TXT "a dot in a label; \\"quotes\\""
unknown TYPE65280 \\# 2 ABCD
`;

const checks: readonly (readonly [string, (file: string) => string[]])[] = [
  ["named-checkzone", (file) => [apex, file]],
  ["kzonecheck", (file) => ["-o", apex, file]],
  ["nsd-checkzone", (file) => [apex, file]],
  ["ldns-read-zone", (file) => [file]],
];

/** The octets that the program prints for a zone with three hosts. */
async function exportZone(): Promise<string> {
  using line = new CommandLine();
  expect((await line.run(["zone", "import", apex, "-"], zoneFile)).code).toBe(0);
  await line.json(["user", "add", "alice", "--password-stdin"], "lantern gravel oboe tuesday");
  for (const host of ["cam1", "cam2", "nothing-yet"]) {
    await line.json(["host", "add", `${host}.${apex}`, "--user", "alice"]);
  }
  await giveAddresses(line.data);
  const ran = spawnSync(program, ["zone", "export", apex, "--data", line.data]);
  expect([ran.status, ran.stderr.toString()]).toEqual([0, ""]);
  return ran.stdout.toString("latin1");
}

async function giveAddresses(data: string): Promise<void> {
  const url = join(data, "nameward.db");
  await using store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
  const [cam1, cam2] = await store.listHosts({ limit: 3 });
  const v4 = Uint8Array.of(192, 0, 2, 7);
  const v6 = parseAddress("2001:db8::7")!.octets;
  await store.commit([{ host: cam1!.id, v4, v6, atMs: 1 }], []);
  await store.commit([{ host: cam2!.id, v4: undefined, v6, atMs: 1 }], []);
}

for (const [checker, arguments_] of checks) {
  testWith([checker], `${checker} accepts an exported zone, its hosts included`, async () => {
    const exported = await exportZone();
    expect(exported).toContain("\ncam1\t60\tIN\tA\t192.0.2.7\n");
    expect(exported).toContain("\ncam2\t60\tIN\tAAAA\t2001:db8::7\n");
    const statusOf = (text: string): number | null => {
      using file = scratchFile(text);
      const { status, stderr } = spawnSync(tool(checker)!, arguments_(file.path));
      if (text === exported) expect(stderr.toString()).toBe("");
      return status;
    };
    expect(statusOf(exported)).toBe(0);
    expect(statusOf(exported.replace("\tA\t192.0.2.7", "\tA\t192.0.2.777"))).not.toBe(0);
  });
}
