/** What other people's validators think of zones that are signed as they are asked for. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { printRdata, typeCode, typeName, types } from "../../src/dns/record-types.ts";
import type { Message } from "../../src/dns/message.ts";
import { runClient } from "../clients/served-home.ts";
import { CommandLine } from "../command-line.ts";
import { testWith } from "../debian.ts";
import { mustParseName } from "../dns/served-zone.ts";
import { startServer } from "../server.ts";
import type { TestServer } from "../server.ts";
import { openBendingProxy } from "./online-proxy.ts";
import { startResolver } from "./online-resolvers.ts";
import type { Resolver, ResolverName } from "./online-resolvers.ts";
import {
  almostLongest,
  hosts,
  lastName,
  longestMissing,
  longestName,
  longestOf255,
  makeSignedZones,
  moveHost,
  parentApex,
  servedApexes,
} from "./online-zones.ts";
import type { SignedZones } from "./online-zones.ts";

const hostAddress = "192.0.2.200";

let line: CommandLine;
let zones: SignedZones;
let server: TestServer;
beforeAll(async () => {
  line = new CommandLine();
  zones = await makeSignedZones(line);
  server = await startServer({ data: line.data, args: ["--dns-rate-limit", "0"] });
  expect(await moveHost(server.devices, hosts[0]!, hostAddress)).toBe(`good ${hostAddress}`);
}, 120_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  line[Symbol.dispose]();
});

interface Case {
  readonly what: string;
  /** Below the parent's apex, unless it ends in a dot. */
  readonly name: string;
  readonly type: string;
  /** Types of the answer, without RRSIG; nothing: the answer is that there is none. */
  readonly answer: string;
  readonly is: "secure" | "insecure";
  /** One of the answer's records, as it is printed. */
  readonly rdata?: string;
  /** What these resolvers make of it for reasons of their own. */
  readonly except?: Partial<Record<ResolverName, Partial<Case>>>;
}

const secure: readonly Omit<Case, "is">[] = [
  { what: "a host", name: "cam1", type: "A", answer: "A", rdata: hostAddress },
  { what: "a host without an address", name: "cam2", type: "A", answer: "" },
  { what: "an existing name", name: "mail", type: "A", answer: "A", rdata: "192.0.2.25" },
  { what: "no such type", name: "mail", type: "AAAA", answer: "" },
  { what: "no such type beside many", name: "many", type: "MX", answer: "" },
  { what: "no such type beside windows 1 and 255", name: "windows", type: "A", answer: "" },
  { what: "no such name", name: "nothing", type: "A", answer: "" },
  { what: "no such name, far below", name: "a.b.c.d.nothing", type: "TXT", answer: "" },
  { what: "a wildcard", name: "x.wild", type: "A", answer: "A", rdata: "192.0.2.9" },
  { what: "a wildcard for two labels", name: "x.y.wild", type: "TXT", answer: "TXT" },
  { what: "no such type at a wildcard", name: "x.wild", type: "AAAA", answer: "" },
  { what: "the wildcard itself", name: "*.wild", type: "A", answer: "A", rdata: "192.0.2.9" },
  { what: "no such type at the wildcard itself", name: "*.wild", type: "AAAA", answer: "" },
  { what: "below the wildcard's own name", name: "x.*.wild", type: "A", answer: "" },
  { what: "a name beside a wildcard", name: "foo.bar.wild", type: "A", answer: "A" },
  { what: "what that name hides from it", name: "x.bar.wild", type: "A", answer: "" },
  { what: "a wildcard's alias", name: "x.cw", type: "A", answer: "CNAME A", rdata: "192.0.2.25" },
  { what: "a wildcard's alias to no such type", name: "x.cw", type: "TXT", answer: "CNAME" },
  { what: "an empty non-terminal", name: "ent", type: "A", answer: "" },
  { what: "an empty non-terminal below it", name: "b.ent", type: "TXT", answer: "" },
  { what: "above a wildcard", name: "wild", type: "A", answer: "" },
  { what: "a child", name: "www.sec", type: "A", answer: "A", rdata: "192.0.2.80" },
  { what: "no such name in a child", name: "nothing.sec", type: "A", answer: "" },
  { what: "a wildcard in a child", name: "x.w.sec", type: "TXT", answer: "TXT" },
  { what: "the DS of a child", name: "sec", type: "DS", answer: "DS" },
  { what: "the NS of a child", name: "sec", type: "NS", answer: "NS" },
  { what: "the DNSKEY of a child", name: "sec", type: "DNSKEY", answer: "DNSKEY" },
  { what: "that a child has no DS", name: "open", type: "DS", answer: "" },
  { what: "a DNAME", name: "dn", type: "DNAME", answer: "DNAME" },
  { what: "below a DNAME", name: "x.dn", type: "A", answer: "DNAME CNAME A", rdata: "192.0.2.77" },
  { what: "nothing below a DNAME", name: "y.dn", type: "A", answer: "DNAME CNAME" },
  { what: "a DNAME into a child", name: "www.dnsec", type: "A", answer: "DNAME CNAME A" },
  { what: "a chain of aliases", name: "cn1", type: "A", answer: "CNAME CNAME A" },
  { what: "an alias that leads nowhere", name: "cnnothing", type: "A", answer: "CNAME" },
  { what: "an alias into a child", name: "cnsec", type: "A", answer: "CNAME A" },
  { what: "an alias into another zone", name: "cnvector", type: "A", answer: "CNAME A" },
  { what: "SOA", name: "rich.test.", type: "SOA", answer: "SOA" },
  { what: "NS", name: "rich.test.", type: "NS", answer: "NS" },
  { what: "DNSKEY", name: "rich.test.", type: "DNSKEY", answer: "DNSKEY" },
  { what: "CDS", name: "rich.test.", type: "CDS", answer: "CDS" },
  { what: "CDNSKEY", name: "rich.test.", type: "CDNSKEY", answer: "CDNSKEY" },
  { what: "no such type at the apex", name: "rich.test.", type: "A", answer: "" },
  { what: "CAA", name: "many", type: "CAA", answer: "CAA" },
  { what: "URI", name: "many", type: "URI", answer: "URI" },
  { what: "SVCB", name: "many", type: "SVCB", answer: "SVCB" },
  { what: "an unknown type", name: "many", type: "TYPE65280", answer: "TYPE65280" },
  { what: "several records", name: "many", type: "A", answer: "A A" },
  { what: "capitals", name: "MAIL.RiCh.TeST.", type: "A", answer: "A", rdata: "192.0.2.25" },
  { what: "capitals that do not exist", name: "NoThInG", type: "A", answer: "" },
  { what: "capitals of a wildcard", name: "FoO.WILD", type: "A", answer: "A", rdata: "192.0.2.9" },
  { what: "capitals in the zone", name: "mixed.case", type: "A", answer: "A" },
  { what: "capitals in RDATA", name: "mixed", type: "MX", answer: "MX" },
  { what: "octets 0 and 255", name: "odd\\000\\255octets", type: "TXT", answer: "TXT" },
  { what: "octet 0 alone", name: "\\000", type: "A", answer: "A", rdata: "192.0.2.100" },
  { what: "octet 0 without the type", name: "\\000", type: "AAAA", answer: "" },
  { what: "octet 255 alone", name: "\\255", type: "A", answer: "A", rdata: "192.0.2.101" },
  { what: "octets that do not exist", name: "\\255\\000\\255", type: "A", answer: "" },
  { what: "a dot in a label", name: "a\\.dot", type: "A", answer: "A", rdata: "192.0.2.102" },
  { what: "255 octets", name: `${longestName}.`, type: "A", answer: "A", rdata: "192.0.2.255" },
  { what: "255 octets without the type", name: `${longestName}.`, type: "TXT", answer: "" },
  { what: "255 octets that do not exist", name: `${longestMissing}.`, type: "A", answer: "" },
  { what: "255 octets, first label full", name: `${longestOf255}.`, type: "A", answer: "" },
  { what: "254 octets", name: `${almostLongest}.`, type: "A", answer: "" },
  { what: "the last name there can be", name: `${lastName}.`, type: "A", answer: "" },
  { what: "a large answer", name: "mid.signed.test.", type: "TXT", answer: "TXT TXT TXT TXT TXT" },
  // `named` answers ANY from what it has, and others from what it has of ANY: so each of its own name.
  { what: "ANY", name: "mail", type: "ANY", answer: "A" },
  { what: "ANY of no such name", name: "nothing", type: "ANY", answer: "" },
  { what: "ANY of an empty non-terminal", name: "ent", type: "ANY", answer: "" },
  { what: "NSEC", name: "many", type: "NSEC", answer: "NSEC" },
  { what: "NSEC of no such name", name: "noname", type: "NSEC", answer: "NSEC" },
  { what: "NSEC of an empty non-terminal", name: "bar.wild", type: "NSEC", answer: "NSEC" },
];

/** `named` calls secure what holds nothing but signatures; unbound does not judge it. */
const signaturesAlone = {
  is: "insecure",
  answer: "",
  except: { named: { is: "secure" } },
} as const;

const cases: readonly Case[] = [
  ...secure.map((each) => ({ ...each, is: "secure" as const })),
  { what: "a child without DS", name: "www.open", type: "A", answer: "A", is: "insecure" },
  { what: "nothing in it", name: "nothing.open", type: "A", answer: "", is: "insecure" },
  { what: "its NS", name: "open", type: "NS", answer: "NS", is: "insecure" },
  { what: "an alias into it", name: "cnopen", type: "A", answer: "CNAME A", is: "insecure" },
  {
    what: "a DNAME into it",
    name: "www.dnopen",
    type: "A",
    answer: "DNAME CNAME A",
    is: "insecure",
  },
  { what: "RRSIG", name: "many", type: "RRSIG", ...signaturesAlone },
  { what: "RRSIG of no such name", name: "nowhere", type: "RRSIG", ...signaturesAlone },
  { what: "RRSIG of an empty non-terminal", name: "case", type: "RRSIG", ...signaturesAlone },
];

function fullName(name: string) {
  return mustParseName(name.endsWith(".") ? name : `${name}.${parentApex}.`);
}

function printAnswer({ answers }: Message): string {
  return answers
    .filter(({ type }) => type !== types.RRSIG)
    .map(({ type }) => typeName(type))
    .join(" ");
}

for (const which of ["unbound", "named"] as const) {
  testWith(
    [which],
    `${which} finds secure what is signed, and insecure what is not: ${cases.length} cases`,
    async () => {
      await using resolver = await startResolver(which, {
        server: server.dns,
        apexes: servedApexes,
        anchors: Object.values(zones.anchors),
      });
      for (const given of cases) {
        const { what, name, type, answer, is, rdata } = { ...given, ...given.except?.[which] };
        const reply = await resolver.ask(fullName(name), typeCode(type)!);
        const said = reply && {
          what,
          isFailure: reply.rcode === 2,
          is: reply.flags.has("ad") ? "secure" : "insecure",
          answer: printAnswer(reply),
        };
        expect(said).toEqual({ what, isFailure: false, is, answer });
        if (rdata === undefined) continue;
        const records = reply!.answers.map((record) => printRdata(record.type, record.rdata));
        expect([what, records]).toEqual([what, expect.arrayContaining([rdata])]);
      }
    },
    120_000,
  );

  testWith([which], `${which} believes nothing under another trust anchor`, async () => {
    const anchor = zones.anchors["sec.rich.test"]!.replace("sec.", "");
    await using resolver = await startResolver(which, {
      server: server.dns,
      apexes: servedApexes,
      anchors: [anchor],
    });
    await expectFailures(resolver);
  });

  testWith([which], `${which} believes no answer whose signature is bent`, async () => {
    await using proxy = await openBendingProxy(server.dns);
    await using resolver = await startResolver(which, {
      server: proxy,
      apexes: servedApexes,
      anchors: Object.values(zones.anchors),
    });
    // The keys pass unbent: what is not believed are the answers.
    const keys = await resolver.ask(fullName("rich.test."), types.DNSKEY);
    expect([keys?.rcode, keys?.flags.has("ad")]).toEqual([0, true]);
    await expectFailures(resolver);
    expect(proxy.bent).toBeGreaterThan(2);
  });
}

async function expectFailures(resolver: Resolver): Promise<void> {
  for (const name of ["mail", "nothing", "x.wild", "ent"]) {
    const reply = await resolver.ask(fullName(name), types.A);
    expect([name, reply?.rcode, reply?.answers]).toEqual([name, 2, []]);
  }
}

/** What `delv` and `drill -S` say, by what is to be said. */
const said: Readonly<Record<"delv" | "drill", Readonly<Record<string, RegExp>>>> = {
  delv: {
    secure: /^; (negative response, )?fully validated$/m,
    insecure: /^; (negative response, )?unsigned answer$/m,
    bogus: /resolution failed: (?!ncache)/, // it says so of what is rightly not there, too
  },
  drill: {
    secure: /^(;; Chase successful|Existence denied or verifiably insecure)$/m,
    bogus: /Chase failed|No trusted keys|Bogus/,
  },
};

type Tool = keyof typeof said;

/** The command that asks a program for a name, and to whom. */
async function runTool(
  which: Tool,
  port: number,
  name: string,
  type: string,
  anchors: readonly string[],
): Promise<string> {
  const file = `${line.data}/anchors-for-${which}`;
  const keys = anchors.map((anchor) => anchor.split(/\s+/));
  const statements = keys.map(
    ([owner, , , flags, protocol, algorithm, key]) =>
      `${owner} static-key ${flags} ${protocol} ${algorithm} "${key}";`,
  );
  await Bun.write(
    file,
    which === "delv" ? `trust-anchors {\n${statements.join("\n")}\n};\n` : `${anchors[0]}\n`,
  );
  const command =
    which === "delv"
      ? ["delv", "@127.0.0.1", "-p", `${port}`, "-a", file, `+root=${parentApex}`, name, type]
      : ["drill", "-S", "-k", file, "-p", `${port}`, name, "@127.0.0.1", type];
  const { stdout, stderr } = await runClient(command);
  return stdout + stderr;
}

/** What a program cannot: it is no fault of the answer. */
function canJudge(which: Tool, { name, type, is, answer }: Case): boolean {
  if (which === "delv") {
    // It starts at one root, and takes no answer that is nothing but signatures.
    return name !== "cnvector" && !name.endsWith("signed.test.") && type !== "RRSIG";
  }
  // It has one key, follows no delegation over one port, takes no unsigned CNAME of a DNAME, and asks
  // by a name of printable octets that is not too long for it.
  return (
    is === "secure" &&
    !/^(DNAME CNAME)/.test(answer) &&
    !/sec|signed\.test|open|vector/.test(name) &&
    !["ANY", "NSEC", "RRSIG"].includes(type)
  );
}

for (const which of ["delv", "drill"] as const) {
  const judged = cases.filter((each) => canJudge(which, each));
  testWith(
    [which],
    `${which} agrees: ${judged.length} cases`,
    async () => {
      const anchors = [zones.anchors[parentApex]!];
      for (const { what, name, type, is } of judged) {
        const text = await runTool(which, server.dns.port, `${fullName(name)}`, type, anchors);
        expect([what, text]).toEqual([what, expect.stringMatching(said[which][is]!)]);
        expect([what, text]).toEqual([what, expect.not.stringMatching(said[which]["bogus"]!)]);
      }
      expect(judged.length).toBeGreaterThan(45);
    },
    120_000,
  );

  testWith([which], `${which} believes neither another key nor a bent signature`, async () => {
    const another = zones.anchors["sec.rich.test"]!.replace("sec.", "");
    const bogus = said[which]["bogus"]!;
    const good = said[which]["secure"]!;
    await using proxy = await openBendingProxy(server.dns);
    for (const name of ["mail.rich.test", "nothing.rich.test"]) {
      const other = await runTool(which, server.dns.port, name, "A", [another]);
      const bent = await runTool(which, proxy.port, name, "A", [zones.anchors[parentApex]!]);
      for (const text of [other, bent]) {
        expect(text).toMatch(bogus);
        expect(text).not.toMatch(good);
      }
    }
    expect(proxy.bent).toBeGreaterThan(0);
  });
}

test("the server has nothing to complain about", () => {
  expect(server.stderr()).toMatch(/The service is up/);
  expect(server.stderr()).not.toMatch(/warn|error|fail/i);
});
