/**
 * A program that a test runs in a network of its own: services on the address that is its argument, and the
 * client that knows them by `both.test` only. Prints what the client was answered.
 */

import { readMessage, writeMessage } from "../../src/dns/message.ts";
import { parseName } from "../../src/dns/name.ts";
import { signMessage, verifyMessage } from "../../src/dns/tsig.ts";
import type { TsigKey } from "../../src/dns/tsig.ts";
import { openFakeNameServer } from "./fake-name-server.ts";
import { http, openFakeService } from "./fake-service.ts";
import { makeUpdate, mustMakeService, never } from "./speaking.ts";

const hostname = process.argv[2]!;
const key: TsigKey = {
  name: parseName("upd")!,
  algorithm: "hmac-sha256",
  secret: new Uint8Array(32).fill(0x6b),
};

/** What was asked comes back as its own reply, signed. */
function accept(request: Uint8Array): Uint8Array {
  const timeSeconds = Math.floor(Date.now() / 1_000);
  const verdict = verifyMessage(request, key, { nowSeconds: timeSeconds });
  if (verdict.kind !== "verified") throw new Error(`The request is ${verdict.kind}`);
  const message = { ...readMessage(request), flags: new Set(["qr"] as const), additional: [] };
  const signing = { timeSeconds, requestMac: verdict.mac };
  return signMessage(writeMessage(message), key, signing).octets;
}

using service = openFakeService(() => http("200 OK", "good 203.0.113.7"), { hostname });
using nameServer = await openFakeNameServer(accept, accept, hostname);
const update = makeUpdate(["cam1.dyn.test"], "203.0.113.7", "2001:db8::7");
const dyndns2 = mustMakeService("dyndns2", {
  server: `http://both.test:${service.port}`,
  user: "alice",
  password: "secret",
});
const rfc2136 = mustMakeService("rfc2136", {
  server: `both.test:${nameServer.port}`,
  zone: "dyn.test",
  key: "upd",
  secret: key.secret.toBase64(),
});
const answers = [await dyndns2.send(update, never), await rfc2136.send(update, never)].flat();
process.stdout.write(JSON.stringify(answers));
