/** A check page over TLS is believed with a certificate that is trusted and of its name, and not otherwise. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect } from "bun:test";
import { testWith, tool } from "../debian.ts";

const asker = `${import.meta.dir}/detect.ts`;

testWith(["openssl"], "a check page with a wrong certificate tells nothing", async () => {
  const folder = await mkdtemp(`${tmpdir()}/nameward-tls-`);
  try {
    const [key, cert] = [`${folder}/key.pem`, `${folder}/cert.pem`];
    const request = "req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=test";
    const args = [...request.split(" "), "-addext", "subjectAltName=DNS:localhost"];
    const made = Bun.spawnSync([tool("openssl")!, ...args, "-keyout", key, "-out", cert]);
    expect(made.exitCode).toBe(0);
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      tls: { key: Bun.file(key), cert: Bun.file(cert) },
      fetch: () => new Response("8.8.4.4"),
    });
    const detect = async (host: string, trusted: Record<string, string>): Promise<string> => {
      const url = `http https://${host}:${server.port}/`;
      const child = Bun.spawn([process.execPath, asker, "4", "public", url], {
        env: { ...process.env, ...trusted },
        stdout: "pipe",
        stderr: "ignore",
      });
      return (await new Response(child.stdout).text()).trim();
    };
    const trusted = { NODE_EXTRA_CA_CERTS: cert };
    expect(await detect("localhost", trusted)).toBe("address: 8.8.4.4");
    expect(await detect("localhost", {})).toMatch(/^failed: .*self[- ]signed/);
    expect(await detect("127.0.0.1", trusted)).toMatch(/^failed: .*altnames/); // another name
    await server.stop(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});
