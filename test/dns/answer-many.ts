/**
 * Answers one question over and over, and says on standard error where the counting begins and ends. Run
 * with BUN_JSC_logGC=1, which tells of every collection of garbage in between. `--allocates`: makes one small
 * object an answer, to show that it is noticed.
 */

import { makeQuery, writeMessage } from "../../src/dns/message.ts";
import { systemChance } from "../../src/base/chance.ts";
import { systemClock } from "../../src/base/clock.ts";
import { CookieSecrets, cookieOctets, ServerCookies } from "../../src/nameserver/cookies.ts";
import { Responder } from "../../src/nameserver/respond.ts";
import { makeResponseLimitTable, ResponseLimit } from "../../src/nameserver/response-limit.ts";
import { openSigner, signZone } from "./name-server.ts";
import { ZoneReader } from "../../src/zone/zone-reader.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { questionsAsked } from "./questions-asked.ts";
import { mustParseName, serveZoneText } from "./served-zone.ts";

const warmUpAnswers = 50_000;
const [count = "", flag] = process.argv.slice(2);

const table = new ZoneTable({ bytesMax: 1 << 20, hashSeed: 9 });
for (const apex of ["plain.test", "signed.test"]) {
  serveZoneText(
    table,
    apex,
    `$TTL 60
@ SOA ns hostmaster 1 3600 600 86400 30
@ NS ns
ns A 192.0.2.53
cam1 A 192.0.2.1
cam1 AAAA 2001:db8::1
*.wild A 192.0.2.2
alias CNAME cam1
dn DNAME wild
deleg NS ns.deleg
ns.deleg A 192.0.2.54
`,
  );
}
await using signer = openSigner(1);
signZone(table, signer, "signed.test");
await signer.ready();

const cookies = new ServerCookies(new CookieSecrets(systemChance.octets(32), systemClock).buffer);
const rule = { perSecond: 1_000_000, slip: 1, exempt: [] };
const limit = new ResponseLimit(rule, makeResponseLimitTable(), 1);
const reader = new ZoneReader(table.buffer, table.hashSeed, 0);
const responder = new Responder(reader, { cookies, limit, signing: signer.partsFor(0) });
responder.peer.setText("127.0.0.1");

function setTime(): void {
  responder.nowMs = systemClock.monotonicMs();
  responder.nowSeconds = Math.floor(systemClock.now() / 1_000);
}
setTime();
const cookie = new Uint8Array(cookieOctets);
cookies.write(cookie, 0, new Uint8Array(8), 0, false, responder.peer, responder.nowSeconds);

/** Something that a compiler cannot leave out. */
let kept: unknown;

function answerMany(query: Uint8Array, answers: number, allocates: boolean): void {
  for (let n = 0; n < answers; n++) {
    responder.respond(query, query.length, "udp");
    if (allocates) kept = { n };
  }
}

const queries: { readonly what: string; readonly query: Uint8Array }[] = [];
for (const { what, name, type, class: asked, isDnssecOk } of questionsAsked) {
  const edns = { isDnssecOk, options: [{ code: 10, octets: cookie }] };
  const query = writeMessage(makeQuery(mustParseName(name), type, { id: 1, class: asked, edns }));
  do {
    setTime();
    await Bun.sleep(1); // for signatures
  } while (responder.respond(query, query.length, "udp") <= 0);
  queries.push({ what, query });
}
// Before the compiler has seen it all, numbers that are no integers are objects now and then.
for (let round = 0; round < 3; round++) {
  for (const { query } of queries) answerMany(query, warmUpAnswers, flag === "--allocates");
}
for (const { what, query } of queries) {
  process.stderr.write(`BEGIN ${what}\n`);
  answerMany(query, Number(count), flag === "--allocates");
  process.stderr.write(`END ${what}\n`);
}
process.exitCode = kept === undefined ? 0 : 3;
