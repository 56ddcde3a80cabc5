/**
 * What lies on the disk and in the log of a service that was given and gave out secrets of every kind (A36, T19): none of
 * them, written as it is, as hex or as base64.
 */

import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Database } from "bun:sqlite";
import { mustRun, startServer } from "../server.ts";
import { fromBase32 } from "../web/totp.ts";
import { admin, other, signIn, zone } from "../web/web-home.ts";
import { sendUpdate } from "../web/send-update.ts";

setDefaultTimeout(120_000);

const smtpPassword = "Mail0Secret7Of9Ours";
const hosts = [`cam1.${zone}`, `cam2.${zone}`];

/** Each kind of secret, by its name, as it was given or shown. */
type Secrets = Map<string, Uint8Array>;

test("neither the folder nor the log has a secret that can be read, and the search would find one", async () => {
  const data = await mkdtemp(join(tmpdir(), "nameward-secrets-"));
  const secrets: Secrets = new Map();
  const keep = (name: string, text: unknown): void => {
    if (typeof text !== "string" || text.length < 10) throw new Error(`${name} is no secret`);
    secrets.set(name, Buffer.from(text));
  };
  try {
    await mustRun(["zone", "add", zone, "--private"], { data });
    keep("password of an account", admin.password);
    await mustRun(["user", "add", admin.name, "--password-stdin", "--admin"], {
      data,
      stdin: admin.password,
    });
    await mustRun(["zone", "sign", zone], { data });
    keep("password that is wrong", other.password);
    keep("password of the mail server", smtpPassword);
    const mail = {
      NAMEWARD_SMTP_URL: `smtp://nameward:${smtpPassword}@127.0.0.1:1`,
      NAMEWARD_MAIL_FROM: "nameward@example.net",
    };
    let log = "";
    {
      await using server = await startServer({ data, env: mail });
      const origin = `http://${server.web.hostname}:${server.web.port}`;
      const ada = await signIn(origin, admin);
      keep("secret of a session", ada.cookies[0]!.value);
      const must = async (method: string, path: string, body?: unknown) =>
        (await ada.call(method, path, body)) as Readonly<Record<string, unknown>>;

      for (const name of hosts) await must("POST", "/hosts", { name });
      const login = await must("POST", "/logins", {
        hosts,
        accepts: ["token", "sha1", "md5", "gnudip"],
      });
      keep("password of a device login", login["password"]);
      const { username } = login["login"] as { username: string };
      const md5 = new Bun.CryptoHasher("md5").update(String(login["password"]));
      secrets.set("MD5 of it, which GnuDIP and DuiaDNS send", md5.digest());
      const token = await must("POST", "/tokens", {
        name: "script",
        policy: { actions: ["hosts:read"] },
      });
      keep("API token", token["secret"]);
      const channel = await must("POST", "/channels", {
        kind: "webhook",
        target: "https://hooks.example.net/a",
        events: ["silent"],
      });
      keep("secret of a webhook", channel["secret"]);
      const totp = await must("POST", "/account/totp", {});
      keep("secret of an authenticator app", totp["secret"]);
      const seed = fromBase32(String(totp["secret"]));
      secrets.set("the same in octets", seed);
      const invitation = await must("POST", "/invitations", { role: "user" });
      keep("link of an invitation", String(invitation["link"]).slice(-44));
      await ada.call("POST", "/settings/test-mail", {});

      // They are used, rightly and in the wrong places, so that they pass through all that writes.
      const proof = { username, password: String(login["password"]) };
      const update = { host: hosts[0]!, address: "203.0.113.9" };
      expect(await sendUpdate(server.devices, update, proof)).toStartWith("good");
      const wrong = { ...proof, password: other.password };
      expect(await sendUpdate(server.devices, update, wrong)).toBe("badauth");
      await sendUpdate(server.devices, { ...update, userAgent: "Camera/1.0" }, proof);
      const swapped = { username: proof.password, password: username };
      expect(await sendUpdate(server.devices, update, swapped)).toBe("badauth");
      const address = `http://${server.devices.hostname}:${server.devices.port}`;
      for (const path of ["/nic/update", "/nowhere", "/update"]) {
        const query = new URLSearchParams({ hostname: hosts[0]!, ...proof, token: proof.password });
        await (await fetch(`${address}${path}?${query.toString()}`)).text();
      }
      const bearer = { Authorization: `Bearer ${String(token["secret"])}` };
      expect((await fetch(`${origin}/api/v1/hosts`, { headers: bearer })).status).toBe(200);
      await fetch(`${origin}/api/v1/zones?token=${String(token["secret"])}`, { headers: bearer });
      await fetch(`${origin}/api/v1/session`, {
        method: "POST",
        headers: { Origin: origin, "Content-Type": "application/json" },
        body: JSON.stringify({ name: admin.name, password: other.password }),
      });
      const metrics = await (await fetch(`${origin}/metrics`)).text();
      await Bun.sleep(1_500); // what is written later on is written
      log = `${server.stdout()}${server.stderr()}${metrics}`;
    }

    // A copy as an operator makes it, beside the file and its log of pages.
    using file = new Database(join(data, "nameward.db"), { readonly: true });
    const copy = join(data, "copy.db");
    file.run("vacuum into ?", [copy]);

    const places = await readAll(data, log);
    expect([...places.keys()].filter((name) => name.endsWith(".db")).toSorted()).toEqual([
      "copy.db",
      "nameward.db",
    ]);
    expect(find(places, secrets)).toEqual([]);
    expect(secrets.size).toBe(11);

    // Controls: what is no secret is found by the same search, in the file, in its copy and in the log.
    const open: Secrets = new Map([["a name", Buffer.from(hosts[0]!.slice(0, 4))]]);
    expect(find(places, open)).toContain("a name is in copy.db");
    const planted = new Map([...places, ["log", Buffer.from(btoa(`u:${smtpPassword}`))]]);
    expect(find(planted, secrets)).toEqual(["password of the mail server is in log"]);
    expect(log).toContain("The service is up");

    for (const name of await readdir(data)) {
      const { mode } = await stat(join(data, name));
      if (name !== "copy.db") expect([name, mode & 0o077]).toEqual([name, 0]);
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});

/** Everything that is no key: keys lie in files of their own, which are not in a dump of the database. */
async function readAll(data: string, log: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const places = new Map<string, Uint8Array>([["log", Buffer.from(log)]]);
  for (const name of await readdir(data, { recursive: true })) {
    const path = join(data, name);
    if (name.endsWith(".key") || !(await stat(path)).isFile()) continue;
    places.set(name, await Bun.file(path).bytes());
  }
  return places;
}

/** Where each secret stands in some way of writing it. Base64 has three, by where a text begins in it. */
function find(places: ReadonlyMap<string, Uint8Array>, secrets: Secrets): readonly string[] {
  return [...places].flatMap(([place, octets]) => {
    const all = Buffer.from(octets);
    return [...secrets]
      .filter(([, secret]) => waysToWrite(secret).some((way) => all.includes(way)))
      .map(([name]) => `${name} is in ${place}`);
  });
}

function waysToWrite(secret: Uint8Array): readonly Uint8Array[] {
  const octets = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((shift) =>
    (["base64", "base64url"] as const).map((way) => {
      const text = Buffer.concat([Buffer.alloc(shift), octets])
        .toString(way)
        .replace(/=+$/, "");
      // The first and the last letter hold bits of what stands beside.
      return text.slice(shift === 0 ? 0 : 2 + (shift - 1), -1);
    }),
  );
  const hex = octets.toString("hex");
  const texts = [...base64, hex, hex.toUpperCase(), encodeURIComponent(octets.toString("latin1"))];
  return [octets, ...texts.map((text) => Buffer.from(text))];
}
