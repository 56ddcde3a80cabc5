/** Networks that have one family only, while the service has addresses of both. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect } from "bun:test";
import { root } from "../../tools/step.ts";
import { namespaceTools, runClient } from "../clients/served-home.ts";
import { testWith } from "../debian.ts";

const networks = [
  ["IPv4", "127.0.0.1", "ip -6 addr flush dev lo"],
  ["IPv6", "::1", "ip -4 addr flush dev lo"],
] as const;

for (const [family, address, without] of networks) {
  // Whatever order the resolver has, one of the two orders begins with what cannot be reached.
  for (const order of ["127.0.0.1 ::1", "::1 127.0.0.1"]) {
    testWith(
      namespaceTools,
      `where there is only ${family}, a service at ${order} is spoken to over HTTP and DNS`,
      async () => {
        const folder = await mkdtemp(`${tmpdir()}/nameward-family-`);
        try {
          const hosts = order.split(" ").map((text) => `${text} both.test\n`);
          await Bun.write(`${folder}/hosts`, hosts.join(""));
          const inside = `ip link set lo up && ${without} && mount --bind "$1" /etc/hosts && exec "$2" "$3" "$4"`;
          const command = ["sh", "-c", inside, "sh", `${folder}/hosts`, process.execPath];
          const speak = [`${root}test/client/speak-once.ts`, address];
          const result = await runClient(["unshare", "--mount", "--net", ...command, ...speak]);
          const stdout = JSON.stringify([{ kind: "accepted" }, { kind: "accepted" }]);
          expect(result).toEqual({ code: 0, stdout, stderr: "" });
        } finally {
          await rm(folder, { recursive: true });
        }
      },
    );
  }
}
