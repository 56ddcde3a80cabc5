/** Records that are changed by the API, as DNS answers them, and a zone file that goes out and comes in again. */

import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { printRdata } from "../../src/dns/record-types.ts";
import { readSerial } from "../../src/dns/soa-serial.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { makeDataFolder, mustRun } from "../server.ts";
import { admin, startWebHome, zone } from "../web/web-home.ts";
import type { SignedIn, WebHome } from "../web/web-home.ts";

let home: WebHome;
let ada: SignedIn;
beforeAll(async () => {
  home = await startWebHome();
  ada = await home.signIn(admin);
}, 60_000);
afterAll(() => home[Symbol.asyncDispose]());

async function change(body: object): Promise<number> {
  const reply = await ada.call("POST", `/zones/${zone}/records`, { add: [], ...body });
  return (reply as { serial: number }).serial;
}

async function answers(
  owner: string,
  type: "TXT" | "MX" | "SOA" | "A",
): Promise<readonly string[]> {
  const { answers: found } = await ask(home.server.dns, "udp", owner, type);
  return found.map((record) => printRdata(record.type, record.rdata));
}

test("a record is in DNS when the reply comes, with the serial that the reply tells, and out again", async () => {
  for (let round = 0; round < 10; round++) {
    const owner = `t${round}.${zone}`;
    const serial = await change({
      add: [{ owner, type: "TXT", ttlSeconds: 60, data: `"round ${round}"` }],
    });
    expect(await answers(owner, "TXT")).toEqual([`"round ${round}"`]);
    const soa = (await ask(home.server.dns, "udp", zone, "SOA")).answers[0]!;
    expect(readSerial(soa.rdata)).toBe(serial);
    const listed = await ada.call("GET", `/zones/${zone}/records?q=t${round}`);
    const [{ id }] = (listed as { items: [{ id: string }] }).items;
    await change({ remove: [id] });
    expect(await answers(owner, "TXT")).toEqual([]);
  }
});

test("an exported zone is read back equal by zone import, its hosts' addresses included", async () => {
  await mustRun(["host", "add", `cam1.${zone}`, "--user", admin.name], { data: home.server.data });
  await ada.call("PUT", `/hosts/cam1.${zone}/addresses`, { v4: "192.0.2.7" });
  await change({
    add: [
      { owner: "@", type: "MX", ttlSeconds: 300, data: `10 mail.${zone}.` },
      { owner: "*.wild", type: "TXT", ttlSeconds: 60, data: '"a \\"quote\\"" "ü"' },
      { owner: "a\\.b", type: "TYPE65280", ttlSeconds: 60, data: "\\# 2 abcd" },
    ],
  });
  const reply = await fetch(`${home.origin}/api/v1/zones/${zone}/file`, {
    headers: { Cookie: `__Host-nameward=${ada.cookies[0]!.value}` },
  });
  expect(reply.headers.get("content-disposition")).toBe(`attachment; filename="${zone}.zone"`);
  const exported = await reply.text();
  expect(exported).toContain("192.0.2.7");
  expect(await mustRun(["zone", "export", zone], { data: home.server.data })).toBe(exported);
  const data = await makeDataFolder();
  try {
    await mustRun(["zone", "import", zone, "-", "--private"], { data, stdin: exported });
    expect(await mustRun(["zone", "export", zone], { data })).toBe(exported);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});
