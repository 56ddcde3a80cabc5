/** The web over HTTPS, and where the dashboard may not be: a real server with real certificates. */

import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { TestAuthority } from "./certificates.ts";
import { makeDataFolder, mustRun, nameward, startServer } from "./server.ts";
import type { TestServer } from "./server.ts";

setDefaultTimeout(60_000);

const password = "Kk7mQ2xV9dRt4pLz";
let folder: string;
let data: string;
let authority: TestAuthority;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nameward-web-tls-"));
  authority = await TestAuthority.make(folder);
  data = await makeDataFolder();
  await mustRun(["zone", "add", "dyn.test"], { data });
  await mustRun(["user", "add", "alice", "--password-stdin"], { data, stdin: password });
  await mustRun(["host", "add", "cam1.dyn.test", "--user", "alice"], { data });
});

afterAll(async () => {
  await rm(data, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

/** The serial number of the certificate that a new connection is shown. */
function shownSerial(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

async function serialOf(path: string): Promise<string> {
  return new X509Certificate(await Bun.file(path).text()).serialNumber;
}

test("the API answers over HTTPS with HSTS, and new connections are shown the new certificate", async () => {
  const first = await authority.sign(["localhost", "127.0.0.1"]);
  const second = await authority.sign(["localhost", "127.0.0.1"]);
  const certificate = join(folder, "web.crt");
  const key = join(folder, "web.key");
  await cp(first.certificate, certificate);
  await cp(first.key, key);
  const args = ["--web-tls=127.0.0.1:0", `--tls-certificates=${certificate}`, `--tls-keys=${key}`];
  await using server: TestServer = await startServer({ data, args });
  const { port } = server.listeners.get("webTls")!;
  const tls = { ca: await Bun.file(authority.certificate).text() };
  const reply = await fetch(`https://localhost:${port}/api/v1/greeting`, { tls });
  expect(reply.status).toBe(200);
  expect(reply.headers.get("strict-transport-security")).toBe("max-age=31536000");
  // Control: over plain HTTP there is none.
  const { hostname, port: plain } = server.web;
  const other = await fetch(`http://${hostname}:${plain}/api/v1/greeting`);
  expect([other.status, other.headers.get("strict-transport-security")]).toEqual([200, null]);

  expect(await shownSerial(port)).toBe(await serialOf(first.certificate));
  await cp(second.key, key);
  await cp(second.certificate, certificate);
  const wanted = await serialOf(second.certificate);
  let shown = "";
  while (shown !== wanted) {
    await Bun.sleep(250); // the files are looked at every ten seconds; the test's own deadline ends this
    shown = await shownSerial(port);
  }
  expect((await fetch(`https://localhost:${port}/healthz`, { tls })).status).toBe(200);
});

describe("the dashboard's name beside people's hosts (AT5)", () => {
  for (const url of ["https://app.dyn.test", "https://dyn.test", "http://test.dyn.test:8080"]) {
    test(`${url} keeps the service from starting, and the rule is named`, async () => {
      const listeners = ["--web", "--devices", "--dns"].flatMap((flag) => [flag, "127.0.0.1:0"]);
      const { code, stderr } = await nameward(["serve", ...listeners, "--public-url", url], {
        data,
      });
      expect(code).not.toBe(0);
      expect(stderr).toContain("above, below or beside the zone dyn.test");
      expect(stderr).toContain("--allow-shared-origin");
    });
  }

  test("control: another domain starts, and so does one that the operator allows", async () => {
    for (const args of [
      ["--public-url=https://names.example.net"],
      ["--public-url=https://app.dyn.test", "--allow-shared-origin=yes"],
    ]) {
      await using server = await startServer({ data, args });
      expect((await fetch(`http://127.0.0.1:${server.web.port}/healthz`)).status).toBe(200);
      expect(server.stderr().includes("above, below or beside")).toBe(args.length === 2);
    }
  });
});
