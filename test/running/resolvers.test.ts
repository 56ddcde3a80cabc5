/** Resolvers that the operator names, Unbound here: what they answer for a host, and what they say of a zone. */

import { afterAll, beforeAll, expect } from "bun:test";
import { testWith, tool } from "../debian.ts";
import { startResolver } from "../dnssec/online-resolvers.ts";
import type { Resolver } from "../dnssec/online-resolvers.ts";
import { mustRun } from "../server.ts";
import { admin, other, startWebHome, zone } from "../web/web-home.ts";
import type { SignedIn, WebHome } from "../web/web-home.ts";

const tools = ["unbound"] as const;
const timeoutMs = 60_000;
const host = `cam1.${zone}`;

let home: WebHome;
let ada: SignedIn;
let resolver: Resolver;
let resolverText: string;
beforeAll(async () => {
  if (tool("unbound") === undefined) return;
  home = await startWebHome();
  ada = await home.signIn(admin);
  resolver = await startResolver("unbound", {
    server: home.server.dns,
    apexes: [zone],
    anchors: [],
  });
  const { hostname, port } = resolver.address;
  resolverText = `${hostname}:${port}`;
  // One that nobody listens at stands beside it.
  await ada.call("PATCH", "/settings", { resolvers: `${resolverText}, 127.0.0.1:1` });
  await mustRun(["host", "add", host, "--user", admin.name], { data: home.server.data });
}, timeoutMs);
afterAll(async () => {
  await resolver?.[Symbol.asyncDispose]();
  await home?.[Symbol.asyncDispose]();
});

interface Answer {
  readonly server: string;
  readonly v4: string | null;
  readonly ttlSeconds: number | null;
  readonly isCurrent: boolean;
  readonly fault: string | null;
}

async function answers(): Promise<readonly Answer[]> {
  const reply = await ada.call("GET", `/hosts/${host}/answers`);
  return (reply as { items: Answer[] }).items;
}

testWith(
  tools,
  "each resolver is asked beside our own server, and an old value says how long it will stay",
  async () => {
    await ada.call("PUT", `/hosts/${host}/addresses`, { v4: "192.0.2.7" });
    expect(await answers()).toMatchObject([
      { server: "this server", v4: "192.0.2.7", ttlSeconds: 60, isCurrent: true, fault: null },
      { server: resolverText, v4: "192.0.2.7", isCurrent: true, fault: null },
      { server: "127.0.0.1:1", v4: null, isCurrent: false, fault: "Nothing listens there." },
    ]);
    await ada.call("PUT", `/hosts/${host}/addresses`, { v4: "192.0.2.8" });
    const [own, cached] = await answers();
    expect(own).toMatchObject({ v4: "192.0.2.8", isCurrent: true });
    expect(cached).toMatchObject({ v4: "192.0.2.7", isCurrent: false, fault: null });
    expect(cached!.ttlSeconds).toBeGreaterThan(0);
    expect(cached!.ttlSeconds).toBeLessThanOrEqual(60);
  },
  timeoutMs,
);

testWith(
  tools,
  "the check of a delegation gives the lines for the registrar, and what the resolver and the own server say",
  async () => {
    const report = await ada.call("GET", `/zones/${zone}/delegation`);
    expect(report).toMatchObject({
      wanted: {
        ns: [`${zone}. IN NS ns1.${zone}.`],
        glue: [],
        ds: [],
        withoutAddress: [`ns1.${zone}`],
      },
      parent: null,
      fault: "No resolver says who the parent is.",
    });
    const { rows } = report as { rows: { role: string; server: string; says: string }[] };
    expect(rows.map(({ role, server }) => [role, server])).toEqual([
      ["own", `ns1.${zone}`],
      ["resolver", resolverText],
      ["resolver", "127.0.0.1:1"],
    ]);
    expect(rows[1]!.says).toStartWith("It finds the zone, serial ");
  },
  timeoutMs,
);

testWith(
  tools,
  "a signed zone tells its DS, and a host that is a name server its glue",
  async () => {
    const { data } = home.server;
    await mustRun(["host", "add", `ns1.${zone}`, "--user", admin.name], { data });
    await mustRun(["zone", "sign", zone], { data });
    await ada.call("PUT", `/hosts/ns1.${zone}/addresses`, { v4: "127.0.0.77" });
    const ds = (await mustRun(["zone", "ds", zone], { data })).trim();
    const report = await ada.call("GET", `/zones/${zone}/delegation`);
    expect(report).toMatchObject({
      wanted: { glue: [`ns1.${zone}. IN A 127.0.0.77`], ds: [ds], withoutAddress: [] },
    });
    expect(await ada.call("GET", `/zones/${zone}`)).toMatchObject({ signing: "signed" });
  },
  timeoutMs,
);

testWith(
  tools,
  "only an administrator has a zone checked, and not without end",
  async () => {
    const bob = await home.signIn(other);
    const refused = bob.call("GET", `/zones/${zone}/delegation`);
    expect(await refused.catch(String)).toContain("403");
    const said = await Promise.all(
      Array.from({ length: 20 }, () =>
        ada.call("GET", `/zones/${zone}/delegation`).then(() => "checked", String),
      ),
    );
    const late = said.filter((one) => one !== "checked");
    expect(late.length).toBeGreaterThan(0);
    expect(late.every((one) => one.includes('"code":"too-often"'))).toBe(true);
  },
  timeoutMs,
);
