/** Updates over HTTPS: real certificates, real clients, and a certificate that is renewed while the server runs. */

import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, setDefaultTimeout } from "bun:test";
import { TestAuthority } from "./certificates.ts";
import type { Signed } from "./certificates.ts";
import { testWith } from "./debian.ts";
import { makeDataFolder, mustRun, nameward, startServer } from "./server.ts";
import type { Listener, TestServer } from "./server.ts";

setDefaultTimeout(60_000);

const password = "Kk7mQ2xV9dRt4pLz";
let folder: string;
let authority: TestAuthority;
let ecdsa: Signed;
let rsa: Signed;
let server: TestServer;
let tls: Listener;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nameward-tls-"));
  authority = await TestAuthority.make(folder);
  ecdsa = await authority.sign(["localhost", "127.0.0.1"]);
  rsa = await authority.sign(["localhost", "127.0.0.1"], "rsa");
  const data = await makeDataFolder();
  await mustRun(["zone", "add", "dyn.test", "--private"], { data });
  await mustRun(["user", "add", "alice", "--password-stdin"], { data, stdin: password });
  await mustRun(["host", "add", "cam1.dyn.test", "--user", "alice"], { data });
  const login = ["login", "add", "--user", "alice", "--all-hosts", "--username", "cam"];
  await mustRun([...login, "--password-stdin"], { data, stdin: password });
  const pairs = [
    `--tls-certificates=${ecdsa.certificate},${rsa.certificate}`,
    `--tls-keys=${ecdsa.key},${rsa.key}`,
  ];
  server = await startServer({ data, args: ["--devices-tls=127.0.0.1:0", ...pairs] });
  tls = server.listeners.get("devicesTls")!;
});

afterAll(async () => {
  await server.stop();
  await rm(server.data, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

async function run(...args: readonly string[]): Promise<string> {
  const child = Bun.spawn([...args], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return `${out}${err}[${await child.exited}]`;
}

function update(address: string, ...args: readonly string[]): Promise<string> {
  const url = `https://127.0.0.1:${tls.port}/nic/update?hostname=cam1.dyn.test&myip=${address}`;
  const trust = ["--cacert", authority.certificate];
  return run("curl", "-s", "-u", `cam:${password}`, ...trust, ...args, url);
}

testWith(["curl"], "an update over HTTPS, and one that was to be HTTP/2", async () => {
  expect(await update("192.0.2.7")).toBe("good 192.0.2.7[0]");
  expect(await update("192.0.2.8", "--http2")).toBe("good 192.0.2.8[0]");
  // Negative control: who does not trust the authority gets nothing.
  expect(await update("192.0.2.9", "--cacert", "/dev/null")).toMatch(/\[(?:60|77)\]$/);
});

function handshake(...args: readonly string[]): Promise<string> {
  return run("openssl", "s_client", "-connect", `127.0.0.1:${tls.port}`, ...args);
}

testWith(["openssl"], "each client gets the key it can use, with SNI or without", async () => {
  const old = ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"];
  expect(await handshake("-noservername")).toContain("Peer signature type: ECDSA");
  expect(await handshake(...old, "-noservername")).toContain(
    "Cipher is ECDHE-RSA-AES128-GCM-SHA256",
  );
});

testWith(["openssl"], "TLS before 1.2 is not offered", async () => {
  expect(await handshake("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")).toContain("Cipher is (NONE)");
  // Negative control: the same question with 1.2 is answered.
  expect(await handshake("-tls1_2")).toContain("Cipher is ECDHE");
});

testWith(["openssl"], "a certificate that was renewed is shown without a restart", async () => {
  const serialOf = async (): Promise<string | undefined> =>
    /Server certificate\n(-----BEGIN[^]*?-----END CERTIFICATE-----)/.exec(await handshake())?.[1];
  const before = await serialOf();
  expect(before).toBeDefined();
  const renewed = await authority.sign(["localhost", "127.0.0.1"]);
  await cp(renewed.key, ecdsa.key);
  await cp(renewed.certificate, ecdsa.certificate);
  const endMs = performance.now() + 25_000;
  while ((await serialOf()) === before && performance.now() < endMs) await Bun.sleep(500);
  expect(await serialOf()).not.toBe(before);
  expect(await update("192.0.2.10")).toBe("good 192.0.2.10[0]");
});

testWith(
  ["openssl"],
  "a key that is not the certificate's refuses the start, with both files",
  async () => {
    const data = await makeDataFolder();
    const args = [
      "serve",
      "--web",
      "127.0.0.1:0",
      "--devices",
      "127.0.0.1:0",
      "--dns",
      "127.0.0.1:0",
    ];
    const result = await nameward(
      [
        ...args,
        "--devices-tls",
        "127.0.0.1:0",
        "--tls-certificates",
        rsa.certificate,
        "--tls-keys",
        ecdsa.key,
      ],
      { data },
    );
    await rm(data, { recursive: true, force: true });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(
      `The key in ${ecdsa.key} is not that of the certificate in ${rsa.certificate}.`,
    );
  },
);
