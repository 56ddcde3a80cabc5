/** A service behind TLS: only a certificate that is right in every way gets to see the password. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect } from "bun:test";
import { testWith } from "../debian.ts";
import { http, openFakeService } from "./fake-service.ts";
import { makeUpdate, mustMakeService, never, secret } from "./speaking.ts";

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/nameward-tls-`);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** One that signs itself, for a name or an address. `before` stands what turns the clock. */
async function makeCertificate(name: string, ...before: readonly string[]): Promise<Certificate> {
  const [key, cert] = [`${folder}/${name}.key`, `${folder}/${name}.crt`];
  const request = "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256";
  const names = ["-subj", "/CN=nameward test", "-addext", `subjectAltName=${name}`];
  const command = [...before, ...request.split(" "), "-keyout", key, "-out", cert, ...names];
  const child = Bun.spawn(command, { stdout: "ignore", stderr: "ignore" });
  expect(await child.exited).toBe(0);
  return { key: await Bun.file(key).text(), cert: await Bun.file(cert).text() };
}

const ours = "IP:127.0.0.1";
const update = makeUpdate(["cam1.dyn.test"], "203.0.113.7");
const credential = { user: "alice", password: secret };
const good = () => http("200 OK", "good 203.0.113.7");

testWith(
  ["openssl"],
  "a certificate that is trusted and of the right name is believed",
  async () => {
    const tls = await makeCertificate(ours);
    using fake = openFakeService(good, { tls });
    const given = { server: `127.0.0.1:${fake.port}`, ...credential };
    const service = mustMakeService("dyndns2", given, { trusted: tls.cert });
    expect(await service.send(update, never)).toEqual([{ kind: "accepted" }]);
    expect(fake.requests).toHaveLength(1);
  },
);

const wrong = [
  ["that nobody trusted has signed", ours, [], false, "nobody trusted has signed"],
  ["of another name", "DNS:other.test", [], true, "of another name"],
  ["that is over", ours, ["faketime", "2020-01-01"], true, "not valid today"],
] as const;

for (const [what, name, before, isTrusted, sentence] of wrong) {
  testWith(["openssl", "faketime"], `a certificate ${what} gets no request`, async () => {
    const tls = await makeCertificate(name, ...before);
    using fake = openFakeService(good, { tls });
    const given = { server: `127.0.0.1:${fake.port}`, ...credential };
    const trusted = isTrusted ? { trusted: tls.cert } : {};
    const answers = await mustMakeService("dyndns2", given, trusted).send(update, never);
    const why = expect.stringContaining(sentence);
    expect(answers).toEqual([{ kind: "failed", why, waitMs: undefined }]);
    expect(fake.requests).toEqual([]);
  });
}

testWith(["openssl"], "from http to https a redirect is followed, and never back", async () => {
  const tls = await makeCertificate(ours);
  const redirectTo = (origin: string) => () =>
    http("302 Found", "", [`Location: ${origin}/nic/update`]);
  using secure = openFakeService(good, { tls });
  using up = openFakeService(redirectTo(`https://127.0.0.1:${secure.port}`));
  const given = { trusted: tls.cert };
  const follow = { server: `http://127.0.0.1:${up.port}`, ...credential };
  expect(await mustMakeService("dyndns2", follow, given).send(update, never)).toEqual([
    { kind: "accepted" },
  ]);

  using plain = openFakeService(good);
  using down = openFakeService(redirectTo(`http://127.0.0.1:${plain.port}`), { tls });
  const refuse = { server: `https://127.0.0.1:${down.port}`, ...credential };
  const why = expect.stringContaining("from https to http");
  expect(await mustMakeService("dyndns2", refuse, given).send(update, never)).toMatchObject([
    { kind: "failed", why },
  ]);
  expect(down.requests).toHaveLength(1);
  expect(plain.requests).toEqual([]);
});

testWith(
  ["openssl"],
  "a plain service on a port for TLS has failed, and sees no password",
  async () => {
    using fake = openFakeService(good);
    const given = { server: `127.0.0.1:${fake.port}`, ...credential };
    const answers = await mustMakeService("dyndns2", given, { askMs: 2_000 }).send(update, never);
    expect(answers).toMatchObject([{ kind: "failed" }]);
    expect(fake.requests.join("")).not.toContain("Authorization");
  },
);
