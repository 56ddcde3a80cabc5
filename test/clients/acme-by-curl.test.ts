/** Texts for certificates by curl, as lego's httpreq, acme-dns clients and scripts for DuckDNS, HE and freemyip send them. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout } from "bun:test";
import { makeWorld } from "../adapters/world.ts";
import type { World } from "../adapters/world.ts";
import { testWith } from "../debian.ts";
import { mustRun } from "../server.ts";
import type { TestServer } from "../server.ts";
import { runClient } from "./served-home.ts";

setDefaultTimeout(60_000);

let world: World;
let server: TestServer;

beforeAll(async () => {
  world = await makeWorld();
  server = await world.start();
  const { data } = server;
  await mustRun(["zone", "open", "example.test", "--for", "alice", "--by", "acme"], { data });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

async function curl(path: string, ...args: readonly string[]): Promise<string> {
  const url = `http://127.0.0.1:${server.devices.port}${path}`;
  return (await runClient(["curl", "-s", "-w", " %{http_code}", ...args, url])).stdout;
}

/** What dig gets, sorted. */
async function textsAt(name: string): Promise<readonly string[]> {
  const where = ["@127.0.0.1", "-p", `${server.dns.port}`, "+short"];
  const { stdout } = await runClient(["dig", ...where, name, "TXT"]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replaceAll('"', ""))
    .sort();
}

const json = (body: unknown): readonly string[] => [
  ...["-X", "POST", "-H", "Content-Type: application/json", "-d"],
  JSON.stringify(body),
];
const basic = ["-u", "acme:challenge"];
const challenge = "_acme-challenge.cam1.example.test";
const tools = ["curl", "dig"];

describe("httpreq", () => {
  testWith(tools, "two values stand beside each other, and go one by one", async () => {
    const send = (path: string, value: string): Promise<string> =>
      curl(path, ...basic, ...json({ fqdn: `${challenge}.`, value }));
    expect(await send("/present", "v1")).toEndWith(" 200");
    expect(await send("/present", "v2")).toEndWith(" 200");
    expect(await textsAt(challenge)).toEqual(["v1", "v2"]);
    expect(await send("/cleanup", "v1")).toEndWith(" 200");
    expect(await textsAt(challenge)).toEqual(["v2"]);
    expect(await send("/cleanup", "v2")).toEndWith(" 200");
    expect(await textsAt(challenge)).toEqual([]);
  });

  testWith(tools, "in its raw form the value is made from the key", async () => {
    const raw = { domain: "cam1.example.test", token: "t", keyAuth: "t.thumbprint" };
    expect(await curl("/present", ...basic, ...json(raw))).toEndWith(" 200");
    const digest = new Bun.CryptoHasher("sha256").update("t.thumbprint").digest("base64url");
    expect(await textsAt(challenge)).toEqual([digest]);
    expect(await curl("/cleanup", ...basic, ...json(raw))).toEndWith(" 200");
    expect(await textsAt(challenge)).toEqual([]);
  });

  testWith(tools, "who may not is told by the status, and nothing changes", async () => {
    const body = json({ fqdn: "_acme-challenge.foreign.example.test.", value: "v1" });
    expect(await curl("/present", ...basic, ...body)).toEndWith(" 404");
    expect(await curl("/present", "-u", "acme:wrong", ...body)).toEndWith(" 401");
    expect(await textsAt("_acme-challenge.foreign.example.test")).toEqual([]);
  });
});

testWith(
  tools,
  "an acme-dns client registers, follows its alias and sets the last two values",
  async () => {
    const registered = await curl("/register", "-X", "POST");
    expect(registered).toEndWith(" 201");
    const account = JSON.parse(registered.slice(0, -4)) as Record<string, string>;
    const headers = [
      "-H",
      `X-Api-User: ${account["username"]}`,
      "-H",
      `X-Api-Key: ${account["password"]}`,
    ];
    const values = ["A", "B", "C"].map((letter) => letter.repeat(43));
    for (const txt of values) {
      const body = json({ subdomain: account["subdomain"], txt });
      expect(await curl("/update", ...headers, ...body)).toBe(`{"txt":"${txt}"} 200`);
    }
    expect(await textsAt(account["fulldomain"]!)).toEqual(values.slice(1));
    const stranger = json({ subdomain: account["subdomain"], txt: "D".repeat(43) });
    expect(
      await curl("/update", "-H", "X-Api-User: x", "-H", "X-Api-Key: y", ...stranger),
    ).toEndWith(" 401");
    expect(await curl("/health")).toEndWith(" 200");
  },
);

testWith(tools, "DuckDNS, HE and freemyip set a text and take it away", async () => {
  const host = "cam1.example.test";
  expect(await curl("/update?domains=cam1&token=secret&txt=duck")).toBe("OK 200");
  expect(await textsAt(challenge)).toEqual(["duck"]);
  expect(await curl("/update?domains=cam1&token=secret&txt=duck&clear=true")).toBe("OK 200");
  expect(await textsAt(challenge)).toEqual([]);

  const he = ["-H", "Host: dyn.dns.he.net", "-d", `hostname=${challenge}&password=secret&txt=he`];
  expect(await curl("/nic/update", ...he)).toStartWith("good");
  expect(await textsAt(challenge)).toEqual(["he"]);

  expect(await curl(`/update?domain=${host}&token=secret&txt=freemyip`)).toBe("OK 200");
  expect(await textsAt(challenge)).toEqual(["freemyip", "he"]);
});
