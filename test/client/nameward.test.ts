/** The update client and a whole Nameward, over its device listener: what is said and what DNS answers then. */

import { Database } from "bun:sqlite";
import { rm } from "node:fs/promises";
import { expect, test } from "bun:test";
import { troubleWaitMs } from "../../src/client/speak/return-codes.ts";
import { foreignHost, makeHome, ownedHosts, password, serveHome } from "../clients/served-home.ts";
import { testWith } from "../debian.ts";
import { z } from "zod";
import { printRdata } from "../../src/dns/record-types.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { makeDataFolder, startServer } from "../server.ts";
import { admin, other, startWebHome, zone } from "../web/web-home.ts";
import { makeUpdate, mustMakeService, never } from "./speaking.ts";

const [cam1, cam2] = ownedHosts;
const tools = ["dig", "kdig"];

testWith(
  tools,
  "Nameward takes what dyndns2 sends, and says what it made of each host",
  async () => {
    await using home = await serveHome();
    const server = `http://${home.devices}`;
    const own = mustMakeService("dyndns2", { server, user: "user1", password });
    const send = async (hosts: readonly string[], v4?: string, v6?: string) =>
      own.send(makeUpdate(hosts, v4, v6), never);

    expect(await send([cam1], "203.0.113.5")).toEqual([{ kind: "accepted" }]);
    expect(await home.resolve(cam1)).toBe("203.0.113.5");
    expect(await send([cam1], "203.0.113.5")).toEqual([{ kind: "unchanged" }]);

    // A family that is left out is kept.
    expect(await send([cam1], undefined, "2001:db8::5")).toEqual([{ kind: "accepted" }]);
    expect(await home.resolve(cam1)).toBe("203.0.113.5");
    expect(await home.resolve(cam1, "AAAA")).toBe("2001:db8::5");

    expect(await send([cam1, cam2], "203.0.113.6", "2001:db8::5")).toEqual([
      { kind: "accepted" },
      { kind: "accepted" },
    ]);
    expect(await send([cam2, foreignHost, "nobody.dyn.test"], "203.0.113.6")).toEqual([
      { kind: "unchanged" },
      { kind: "refused", word: "nohost" },
      { kind: "refused", word: "nohost" },
    ]);
    expect(await send(["cam1"], "203.0.113.6")).toEqual([{ kind: "refused", word: "notfqdn" }]);
    const many = Array.from({ length: 21 }, (_, i) => `h${i}.dyn.test`);
    expect(
      new Set((await send(many, "203.0.113.6")).map((answer) => JSON.stringify(answer))),
    ).toEqual(new Set([JSON.stringify({ kind: "refused", word: "numhost" })]));

    const wrong = mustMakeService("dyndns2", { server, user: "user1", password: "wrong" });
    expect(await wrong.send(makeUpdate([cam1, cam2], "203.0.113.9"), never)).toEqual([
      { kind: "refused", word: "badauth" },
      { kind: "refused", word: "badauth" },
    ]);
    expect(await home.resolve(cam1)).toBe("203.0.113.6");

    const elsewhere = mustMakeService("dyndns2", {
      server,
      user: "user1",
      password,
      path: "/nowhere",
    });
    expect(await elsewhere.send(makeUpdate([cam1], "203.0.113.9"), never)).toMatchObject([
      { kind: "failed" },
    ]);
  },
);

testWith(tools, "Nameward is updated by a URL template, too", async () => {
  await using home = await serveHome();
  const url = `http://${home.devices}/nic/update?hostname={host}&myip={ip4},{ip6}`;
  const given = { url, success: "good|nochg", user: "user1", password };
  const service = mustMakeService("template", given);
  const update = makeUpdate(ownedHosts, "203.0.113.8", "2001:db8::8");
  expect(await service.send(update, never)).toEqual([{ kind: "accepted" }, { kind: "accepted" }]);
  expect(await home.resolve(cam2, "AAAA")).toBe("2001:db8::8");
  expect(await service.send(makeUpdate([foreignHost], "203.0.113.8"), never)).toMatchObject([
    { kind: "failed" },
  ]);
});

test("Nameward's API takes a token that may set addresses, and says what else it may not", async () => {
  await using home = await startWebHome();
  const [ada, bob] = await Promise.all([home.signIn(admin), home.signIn(other)]);
  for (const name of ["api1", "api2"]) {
    await ada.call("POST", "/hosts", { name: `${name}.${zone}`, owner: other.name });
  }
  const policy = { actions: ["addresses:write"], names: [`api1.${zone}`] };
  const { secret } = z
    .object({ secret: z.string() })
    .parse(await bob.call("POST", "/tokens", { name: "router", policy }));
  const own = mustMakeService("nameward", { server: home.origin, token: secret });
  const send = (host: string, v4?: string, v6?: string) =>
    own.send(makeUpdate([host], v4, v6), never);
  const hostOf = async () =>
    z
      .object({ heardAt: z.string(), changedAt: z.string() })
      .parse(await bob.call("GET", `/hosts/api1.${zone}`));
  const resolve = async (type: "A" | "AAAA"): Promise<readonly string[]> => {
    const { answers } = await ask(home.server.dns, "udp", `api1.${zone}`, type);
    return answers.map((record) => printRdata(record.type, record.rdata));
  };

  expect(await send(`api1.${zone}`, "203.0.113.5", "2001:db8::5")).toEqual([{ kind: "accepted" }]);
  expect(await send(`api1.${zone}`, "203.0.113.6")).toEqual([{ kind: "accepted" }]);
  const { heardAt, changedAt } = await hostOf();
  await Bun.sleep(20);
  expect(await send(`api1.${zone}`, "203.0.113.6")).toEqual([{ kind: "accepted" }]);
  const repeated = await hostOf();
  expect(repeated.changedAt).toBe(changedAt);
  expect(Date.parse(repeated.heardAt)).toBeGreaterThan(Date.parse(heardAt));
  expect([await resolve("A"), await resolve("AAAA")]).toEqual([["203.0.113.6"], ["2001:db8::5"]]);
  for (const host of [`api2.${zone}`, `nobody.${zone}`]) {
    expect(await send(host, "203.0.113.6")).toEqual([{ kind: "refused", word: "not-found" }]);
  }
  await ada.call("PUT", `/hosts/api1.${zone}/hold`, { isHeld: true });
  expect(await send(`api1.${zone}`, "203.0.113.7")).toEqual([
    { kind: "refused", word: "held-by-operator" },
  ]);
  const wrong = mustMakeService("nameward", { server: home.origin, token: `${secret}x` });
  expect(await wrong.send(makeUpdate([`api1.${zone}`], "203.0.113.9"), never)).toMatchObject([
    { kind: "refused" },
  ]);
  expect(await resolve("A")).toEqual(["203.0.113.6"]);
}, 60_000);

test("a blocked host is refused, and what cannot be stored is tried again in half an hour", async () => {
  const data = await makeDataFolder();
  try {
    await makeHome(data);
    using database = new Database(`${data}/nameward.db`);
    database.run("update host set is_blocked = 1 where name = ?", [cam2]);
    await using server = await startServer({ data });
    const at = `http://127.0.0.1:${server.devices.port}`;
    const service = mustMakeService("dyndns2", { server: at, user: "user1", password });
    expect(await service.send(makeUpdate([cam2], "203.0.113.9"), never)).toEqual([
      { kind: "refused", word: "abuse" },
    ]);
    database.run("begin immediate"); // another program holds the lock of the database
    expect(await service.send(makeUpdate([cam1], "203.0.113.9"), never)).toMatchObject([
      { kind: "failed", waitMs: troubleWaitMs },
    ]);
    database.run("rollback");
    expect(await service.send(makeUpdate([cam1], "203.0.113.9"), never)).toEqual([
      { kind: "accepted" },
    ]);
  } finally {
    await rm(data, { recursive: true });
  }
}, 60_000);
