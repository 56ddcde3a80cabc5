/** Our client asks our name server from which address it asks. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { parseSource } from "../../src/client/detect/sources.ts";
import type { NameServer } from "../../src/nameserver/listen-dns.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { openNameServer } from "../dns/name-server.ts";

let server: NameServer;
beforeAll(async () => {
  const table = new ZoneTable({ bytesMax: 1 << 20, hashSeed: 8 }); // no zone at all
  const listen = ["127.0.0.1", "::1"].map((hostname) => ({ hostname, port: 0 }));
  server = await openNameServer(table, { listen });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function detect(index: number, family: 4 | 6, name = ""): Promise<string> {
  const { hostname, port } = server.bound[index]!;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const parsed = parseSource(`dns ${host}:${port} ${name}`, { mayBePrivate: true });
  if (parsed.kind === "mistake") throw new Error(parsed.what);
  const said = await parsed.source.detect(family, new AbortController().signal);
  return said.kind === "address" ? said.address.text : `${said.kind}: ${said.why}`;
}

test("over IPv4 it is told the IPv4 address", async () => {
  expect(await detect(0, 4)).toBe("127.0.0.1");
});

test("over IPv6 it is told the IPv6 address", async () => {
  expect(await detect(1, 6)).toBe("::1");
});

test("a name that the server does not have is refused", async () => {
  expect(await detect(0, 4, "whoami.example")).toBe("failed: it answers with RCODE 5");
});
