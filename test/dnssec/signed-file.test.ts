/** What `zone export --signed` prints, before the checkers of BIND, Knot and ldns, at every stage of its keys. */

import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";

import { CommandLine } from "../command-line.ts";
import { testWith } from "../debian.ts";
import { startPeer } from "../dns/peer-server.ts";
import { check, checkers, run, scratchFile } from "./tools.ts";

const apex = "Signed.test";

/** One of every kind of node: names in mixed case, wildcards, empty non-terminals, delegations of both kinds. */
const zone = `
$TTL 300
@                SOA ns1 hostmaster 1 3600 600 1209600 60
@                NS ns1
@                NS NS2
@                MX 10 Mail
@                TXT "v=spf1 -all"
ns1              A 192.0.2.1
ns1              AAAA 2001:db8::1
ns2              A 192.0.2.2
MaiL             3600 A 192.0.2.3
alias            CNAME MAIL
_25._tcp.mail    TLSA 3 1 1 00112233
*.wild           A 192.0.2.4
*.wild           TXT wild
a.b.c.deep       A 192.0.2.5
_sip._udp        SRV 0 0 5060 Sip.Elsewhere.Example.
naptr            NAPTR 1 1 "U" "SIP+D2U" "" _sip._udp
rp               RP Host.Master.Example. TXT.Example.
old              AFSDB 1 AFS.Example.
kx               KX 1 KX.Example.
dname            DNAME Other.Example.
https            HTTPS 1 Web.Example. alpn=h2
unknown          TYPE65280 \\# 4 0A000001
secure           NS ns.secure
secure           DS 1 13 2 ${"AB".repeat(32)}
ns.secure        A 192.0.2.6
insecure         NS NS.Elsewhere.Example.
\\000.odd         A 192.0.2.7
\\255\\.x.odd      A 192.0.2.8
`;

async function beginSigned(): Promise<CommandLine> {
  const line = new CommandLine();
  await line.json(["zone", "import", apex, "-"], zone);
  await line.json(["user", "add", "alice", "--password-stdin"], "lantern gravel oboe tuesday");
  await line.json(["host", "add", "cam.signed.test", "--user", "alice"]);
  using database = new Database(join(line.data, "nameward.db"));
  database.run("update host set v4 = x'c0000209', v6 = x'20010db8000000000000000000000009'");
  await line.json(["zone", "sign", apex]);
  return line;
}

async function exported(line: CommandLine): Promise<string> {
  const { code, stdout, stderr } = await line.run(["zone", "export", apex, "--signed"]);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

/** The commands that lead from one stage to the next; each is due when the one before was taken. */
const stages = [
  ["signed", []],
  ["introducing", ["zone", "roll", apex]],
  ["handing-over", ["zone", "roll", apex]],
  ["finishing", ["zone", "roll", apex, "--ds-seen"]],
  ["leaving", ["zone", "unsign", apex]],
  ["left", ["zone", "unsign", apex, "--ds-gone"]],
] as const;

testWith(
  checkers,
  "at every stage of its keys the zone is whole for every checker",
  async () => {
    using line = await beginSigned();
    for (const [stage, argv] of stages) {
      using database = new Database(join(line.data, "nameward.db"));
      database.run("update zone_key set waits_until_ms = 0");
      if (argv.length > 0) await line.json(argv);
      expect(await line.json<unknown>(["zone", "keys", apex])).toMatchObject({ stage });
      const text = await exported(line);
      expect(text.match(/\tNSEC\t/g)).toHaveLength(21);
      for (const checker of checkers) {
        const { code, said } = check(checker, apex, text);
        expect([stage, checker, code, code === 0 ? "" : said]).toEqual([stage, checker, 0, ""]);
      }
    }
  },
  120_000,
);

// Each breaks the file in one place. Who does not look at signatures is not asked.
const verifiers = ["dnssec-verify", "ldns-verify-zone", "kzonecheck"] as const;
const faults: readonly (readonly [string, (text: string) => string])[] = [
  ["another address", (text) => text.replace("192.0.2.3", "192.0.2.33")],
  ["no NSEC of a name", (text) => text.replace(/^.*\tNSEC\t\S*mail\.signed\.test\. .*\n/im, "")],
  ["no signature of the MX", (text) => text.replace(/^.*\tRRSIG\tMX .*\n/m, "")],
  [
    "another signer",
    (text) =>
      text.replace(
        /(\tRRSIG\tMX .* )(\d)(\d+ [Ss]igned)/,
        (_, a: string, b: string, c: string) => `${a}${b === "1" ? 2 : 1}${c}`,
      ),
  ],
];
for (const [fault, spoil] of faults) {
  testWith(verifiers, `noticed by those who verify: ${fault}`, async () => {
    using line = await beginSigned();
    const text = await exported(line);
    const spoilt = spoil(text);
    expect(spoilt).not.toBe(text);
    for (const checker of verifiers) {
      expect([checker, check(checker, apex, spoilt).code]).not.toEqual([checker, 0]);
    }
  });
}

testWith(
  ["named-checkzone"],
  "noticed by named-checkzone: an NSEC with a type that is none",
  async () => {
    using line = await beginSigned();
    const spoilt = (await exported(line)).replace(/\tNSEC\t\S+/, "$& NOTYPE");
    expect(check("named-checkzone", apex, spoilt).code).not.toBe(0);
  },
);

testWith(
  ["dnssec-dsfromkey", "ldns-key2ds"],
  "the DS is the one that BIND and ldns make of the key",
  async () => {
    using line = await beginSigned();
    const { ds, dnskey } = await line.json<{ ds: readonly string[]; dnskey: readonly string[] }>([
      "zone",
      "ds",
      apex,
    ]);
    using file = scratchFile(`${dnskey[0]!.replace(" IN ", " 3600 IN ")}\n`);
    const byBind = run("dnssec-dsfromkey", ["-2", "-f", file.path, apex]);
    expect(byBind.said.trim().toLowerCase()).toBe(ds[0]!.toLowerCase());
    const byLdns = run("ldns-key2ds", ["-n", "-2", file.path]);
    const words = (text: string): readonly string[] =>
      text
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== "3600" && word !== "");
    expect(words(byLdns.said)).toEqual(words(ds[0]!));
  },
);

// What a validator says of the file in a server that cannot sign.
const lookUps: readonly (readonly [name: string, type: string, says: string])[] = [
  ["mail.signed.test", "A", "; fully validated"],
  ["MAIL.Signed.Test", "A", "; fully validated"],
  ["cam.signed.test", "AAAA", "; fully validated"],
  ["alias.signed.test", "A", "; fully validated"],
  ["any.wild.signed.test", "TXT", "; fully validated"],
  ["rp.signed.test", "RP", "; fully validated"],
  ["signed.test", "CDS", "; fully validated"],
  ["secure.signed.test", "DS", "; fully validated"],
  ["mail.signed.test", "TXT", "; negative response, fully validated"],
  ["any.wild.signed.test", "MX", "; negative response, fully validated"],
  ["b.c.deep.signed.test", "A", "; negative response, fully validated"], // an empty non-terminal
  ["no.signed.test", "A", "; negative response, fully validated"],
  ["insecure.signed.test", "DS", "; negative response, fully validated"],
];

testWith(
  ["knotd", "delv"],
  "a validator that knows the DS believes a server that was given the file",
  async () => {
    using line = await beginSigned();
    await line.json(["zone", "add", "other.test", "--ns", "ns.example.net"]);
    await line.json(["zone", "sign", "other.test"]);
    await using server = await startPeer("knotd", { "signed.test": await exported(line) });
    using anchors = scratchFile(await anchorOf(line, apex));
    using others = scratchFile(await anchorOf(line, "other.test"));
    const delv = (file: string, name: string, type: string): string => {
      const { hostname, port } = server.address;
      const how = [`@${hostname}`, "-p", String(port), "-a", file, "+root=signed.test"];
      return run("delv", [...how, name, type]).said;
    };
    for (const [name, type, says] of lookUps) {
      expect([name, type, delv(anchors.path, name, type)]).toEqual([
        name,
        type,
        expect.stringContaining(says),
      ]);
    }
    expect(delv(others.path, "mail.signed.test", "A")).not.toContain("fully validated");
  },
  60_000,
);

/** The key of a zone as delv is told that it is the one of `signed.test`. */
async function anchorOf(line: CommandLine, zoneApex: string): Promise<string> {
  const { dnskey } = await line.json<{ dnskey: readonly string[] }>(["zone", "ds", zoneApex]);
  const [flags, protocol, algorithm, publicKey] = dnskey[0]!.split(" ").slice(3);
  const key = `static-key ${flags} ${protocol} ${algorithm} "${publicKey}"`;
  return `trust-anchors { "signed.test" ${key}; };`;
}

test("a signed file is not taken back into the zone that it was made of", async () => {
  using line = await beginSigned();
  const { code, stderr } = await line.run(["zone", "import", apex, "-"], await exported(line));
  expect([code, stderr]).toEqual([1, expect.stringContaining("records of a signer")]);
  const plain = await line.run(["zone", "export", apex]);
  expect((await line.run(["zone", "import", apex, "-"], plain.stdout)).code).toBe(0);
});
