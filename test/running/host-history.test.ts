/** What the page of a host shows of its past, at a real server: at once, and after the server was stopped. */

import { rm } from "node:fs/promises";
import { expect, test } from "bun:test";
import { makeDataFolder, mustRun, startServer } from "../server.ts";
import { admin, signIn, startWebHome, zone } from "../web/web-home.ts";
import type { SignedIn } from "../web/web-home.ts";

const name = `cam.${zone}`;
const login = { username: "u7k2m9", password: "Rt5wKm2pXc8nVb4q" } as const;

async function addressesOf(ada: SignedIn): Promise<readonly (string | null)[]> {
  const timeline = await ada.call("GET", `/hosts/${name}/timeline?days=30`);
  const { spans } = timeline as { spans: { address: string | null }[] };
  return spans.map(({ address }) => address);
}

async function today(ada: SignedIn): Promise<unknown> {
  const { strip } = (await ada.call("GET", `/hosts/${name}`)) as { strip: unknown[] };
  return strip.at(-1);
}

test("a change is in the timeline and in the strip at once, and stays there when the server is stopped", async () => {
  const data = await makeDataFolder();
  await mustRun(["zone", "add", zone, "--private"], { data });
  {
    await using home = await startWebHome([], data);
    await mustRun(["host", "add", name, "--user", admin.name], { data });
    const { username, password: stdin } = login;
    const made = ["--user", admin.name, "--username", username, "--all-hosts", "--password-stdin"];
    await mustRun(["login", "add", ...made], { data, stdin });
    await home.hasLogin(login);
    const ada = await home.signIn(admin);
    expect(await addressesOf(ada)).toEqual([]);
    expect(await home.update({ host: name, address: "192.0.2.7" }, login)).toBe("good 192.0.2.7");
    expect(await addressesOf(ada)).toEqual(["192.0.2.7"]);
    expect(await today(ada)).toMatchObject({ changes: 1, contacts: 1 });
    expect(await home.update({ host: name, address: "192.0.2.7" }, login)).toBe("nochg 192.0.2.7");
    expect(await home.update({ host: name, address: "192.0.2.8" }, login)).toBe("good 192.0.2.8");
    expect(await addressesOf(ada)).toEqual(["192.0.2.7", "192.0.2.8"]);
    expect(await today(ada)).toMatchObject({ changes: 2, contacts: 3 });
    await home.server.stop();
  }
  await using server = await startServer({ data });
  const ada = await signIn(`http://${server.web.hostname}:${server.web.port}`, admin);
  expect(await addressesOf(ada)).toEqual(["192.0.2.7", "192.0.2.8"]);
  expect(await today(ada)).toMatchObject({ changes: 2, contacts: 3 });
  await server.stop();
  await rm(data, { recursive: true });
}, 60_000);
