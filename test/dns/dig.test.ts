import { afterAll, beforeAll, expect, test } from "bun:test";
import type { NameServer } from "../../src/nameserver/listen-dns.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { testWith, tool } from "../debian.ts";
import { openNameServer } from "./name-server.ts";
import { serveZoneFile } from "./served-zone.ts";

const table = new ZoneTable({ bytesMax: 8 * 1024 * 1024, hashSeed: 8 });
let server: NameServer;
beforeAll(async () => {
  await serveZoneFile(table, "ddns.test");
  const listen = ["127.0.0.1", "::1"].map((hostname) => ({ hostname, port: 0 }));
  server = await openNameServer(table, { listen });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

interface Case {
  readonly what: string;
  readonly arguments: readonly string[];
  readonly family?: 4 | 6;
  /** What must stand in the output, and what must not. */
  readonly has: readonly RegExp[];
  readonly hasNot?: readonly RegExp[];
}

/** What both programs say of an answer, as far as they say it alike. */
const noError = /status: NOERROR/;
const hostA = /^host\.ddns\.test\.\s+60\s+IN\s+A\s+192\.0\.2\.1$/m;

const cases: readonly Case[] = [
  { what: "UDP", arguments: ["host.ddns.test", "A"], has: [noError, hostA, /\baa\b/] },
  { what: "TCP", arguments: ["+tcp", "host.ddns.test", "A"], has: [noError, hostA] },
  { what: "IPv6", arguments: ["host.ddns.test", "A"], family: 6, has: [noError, hostA] },
  { what: "TCP on IPv6", arguments: ["+tcp", "host.ddns.test"], family: 6, has: [hostA] },
  {
    what: "an AAAA record",
    arguments: ["host.ddns.test", "AAAA"],
    has: [noError, /IN\s+AAAA\s+2001:db8::1$/m],
  },
  {
    what: "a query without EDNS gets none",
    arguments: ["+noedns", "host.ddns.test", "A"],
    has: [noError, hostA],
    hasNot: [/EDNS/],
  },
  {
    what: "a query with EDNS gets it",
    arguments: ["+bufsize=4096", "host.ddns.test", "A"],
    has: [hostA, /version:? 0/i, /1232/],
  },
  {
    what: "no recursion is asked for and none offered",
    arguments: ["+norec", "host.ddns.test", "A"],
    has: [hostA, /\baa\b/],
    hasNot: [/flags:[^;]*\brd\b/i, /flags:[^;]*\bra\b/i],
  },
  {
    what: "what does not fit is truncated",
    arguments: ["+ignore", "+bufsize=512", "big.ddns.test", "TXT"],
    has: [noError, /flags:[^;]*\btc\b/i, /ANSWER: 0/],
  },
  {
    what: "and comes whole over TCP",
    arguments: ["+bufsize=512", "big.ddns.test", "TXT"],
    has: [noError, /ANSWER: 30/],
    hasNot: [/flags:[^;]*\btc\b/i],
  },
  {
    what: "ANY is answered with one RRset (RFC 8482 §4.1)",
    arguments: ["host.ddns.test", "ANY"],
    has: [noError, /ANSWER: 1[,;]/],
  },
  {
    what: "a name that does not exist (RFC 2308 §3)",
    arguments: ["nothing.ddns.test", "A"],
    has: [/status: NXDOMAIN/, /^ddns\.test\.\s+60\s+IN\s+SOA\s/m],
  },
  {
    what: "a type that does not exist",
    arguments: ["only4.ddns.test", "AAAA"],
    has: [noError, /ANSWER: 0/, /^ddns\.test\.\s+60\s+IN\s+SOA\s/m],
  },
  {
    what: "a referral with glue",
    arguments: ["+norec", "www.deleg.ddns.test", "A"],
    has: [noError, /^ns\.deleg\.ddns\.test\.\s+300\s+IN\s+A\s+192\.0\.2\.60$/m],
    hasNot: [/flags:[^;]*\baa\b/i],
  },
  {
    what: "a chain of aliases",
    arguments: ["cn1.ddns.test", "A"],
    has: [noError, /ANSWER: 3[,;]/, hostA],
  },
  { what: "a name that is not ours", arguments: ["example.org", "A"], has: [/status: REFUSED/] },
  ...([4, 6] as const).map((family) => ({
    what: `whoami.nameward over IPv${family}`,
    arguments: ["whoami.nameward", "CH", "TXT"],
    family,
    has: [
      noError,
      family === 4
        ? /^whoami\.nameward\.\s+0\s+CH\s+TXT\s+"127\.0\.0\.1"$/m
        : /^whoami\.nameward\.\s+0\s+CH\s+TXT\s+"::1"$/m,
    ],
  })),
  {
    what: "a type without a name (RFC 3597 §5)",
    arguments: ["unk.ddns.test", "TYPE65280"],
    has: [/TYPE65280\s+\\# 4 01020304/],
  },
];

for (const program of ["dig", "kdig"]) {
  for (const { what, arguments: given, family = 4, has, hasNot = [] } of cases) {
    testWith([program], `${program}: ${what}`, async () => {
      const output = await run(program, family, given);
      expect(output).not.toMatch(/timed out|no servers could be reached|WARNING: .*malformed/i);
      for (const pattern of has) expect(output).toMatch(pattern);
      for (const pattern of hasNot) expect(output).not.toMatch(pattern);
    });
  }
}

testWith(["dig"], "dig: bits that no program should set are borne", async () => {
  for (const option of ["+ednsopt=100", "+ednsflags=0x80", "+opcode=15 +noedns", "+edns=1"]) {
    const output = await run("dig", 4, [...option.split(" "), "+noednsneg", "host.ddns.test"]);
    const status = option.startsWith("+opcode")
      ? "NOTIMP"
      : option === "+edns=1"
        ? "BADVERS"
        : "NOERROR";
    expect(output).toContain(`status: ${status}`);
  }
});

test("there are cases for both programs", () => {
  expect(cases.length).toBeGreaterThan(15);
});

async function run(program: string, family: 4 | 6, given: readonly string[]): Promise<string> {
  const { hostname, port } = server.bound[family === 4 ? 0 : 1]!;
  const command = [tool(program)!, `@${hostname}`, "-p", String(port), "+retry=3", ...given];
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  await child.exited;
  return output + errors;
}
