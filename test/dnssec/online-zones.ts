/** Zones that the server signs as it answers: a parent, a signed child, a child that is not, and one to redirect into. */

import type { CommandLine } from "../command-line.ts";
import type { Listener } from "../server.ts";
import { zoneFiles } from "../dns/served-zone.ts";

export const parentApex = "rich.test";
export const childApex = "sec.rich.test";
export const openApex = "open.rich.test";
export const vectorApex = "signed.test";
export const signedApexes = [parentApex, childApex, vectorApex] as const;
export const servedApexes = [...signedApexes, openApex] as const;

const full = (letter: string): string => letter.repeat(63);
/** 11 octets are the apex, 3 × 64 and 52 the labels: 255, the most that a name may have (RFC 1035 §2.3.4). */
export const longestName = `${"a".repeat(51)}.${full("b")}.${full("c")}.${full("d")}.${parentApex}`;
/** As long, but with another first label: it does not exist. */
export const longestMissing = `z${longestName.slice(1)}`;
/** A label of octets that have no greater one stands first: its successor is found further up. */
export const longestOf255 = `${"\\255".repeat(63)}.${"e".repeat(51)}.${full("c")}.${full("d")}.${parentApex}`;
/** 254 octets: `\000` in front would make 256. */
export const almostLongest = `${"f".repeat(50)}.${full("b")}.${full("c")}.${full("d")}.${parentApex}`;
/** No name of the zone comes after it. */
export const lastName = `${"\\255".repeat(51)}.${"\\255".repeat(63)}.${"\\255".repeat(63)}.${"\\255".repeat(63)}.${parentApex}`;

/** `childDs`: RDATA of the child's DS records in presentation form. */
function parentZone(childDs: readonly string[]): string {
  return `
$TTL 300
@ SOA ns hostmaster 7 3600 600 86400 60
@ NS ns
@ MX 10 mail
@ TXT "rich"
ns A 192.0.2.53
ns AAAA 2001:db8::53
mail A 192.0.2.25
*.wild A 192.0.2.9
*.wild TXT "wildcard"
foo.bar.wild A 192.0.2.10
*.cw CNAME mail
a.b.ent A 192.0.2.2
sec NS ns.sec
${childDs.map((ds) => `sec DS ${ds}`).join("\n")}
ns.sec A 192.0.2.54
open NS ns.open
ns.open A 192.0.2.55
dn DNAME target
x.target A 192.0.2.77
dnsec DNAME sec
dnopen DNAME open
cn1 CNAME cn2
cn2 CNAME mail
cnnothing CNAME nothing
cnsec CNAME www.sec
cnopen CNAME www.open
cnvector CNAME host.signed.test.
loop1 CNAME loop2
loop2 CNAME loop1
many A 192.0.2.1
many A 192.0.2.2
many TXT "several types"
many CAA 0 issue "ca.example.net"
many URI 10 1 "https://rich.test/"
many SVCB 1 . alpn=h2
many TYPE65280 \\# 4 01020304
many TYPE32768 \\# 1 ff
windows CAA 0 issue "ca.example.net"
windows TYPE65280 \\# 4 01020304
odd\\000\\255octets TXT "\\000\\255"
\\000 A 192.0.2.100
\\255 A 192.0.2.101
a\\.dot A 192.0.2.102
MiXed.CaSe A 192.0.2.103
mixed MX 10 MAIL.Rich.Test.
${longestName}. A 192.0.2.255
`;
}

const childZone = `
$TTL 300
@ SOA ns hostmaster 9 3600 600 86400 60
@ NS ns
ns A 192.0.2.54
www A 192.0.2.80
*.w TXT "below the child"
`;
const openZone = childZone.replace("192.0.2.54", "192.0.2.55").replace("192.0.2.80", "192.0.2.81");

export interface SignedZones {
  /** A line of DNSKEY in presentation form for each signed zone. */
  readonly anchors: Readonly<Record<string, string>>;
}

export const hosts = ["cam1", "cam2"].map((label) => `${label}.${parentApex}`);
export const login = { username: "cam", password: "lantern gravel oboe tuesday" };

/** Makes and signs them by the command line, with two hosts that a device may move. */
export async function makeSignedZones(line: CommandLine): Promise<SignedZones> {
  const take = (apex: string, zone: string) => line.json(["zone", "import", apex, "-"], zone);
  await take(childApex, childZone);
  const { ds } = await sign(line, childApex);
  await take(openApex, openZone);
  await take(parentApex, parentZone(ds.map((record) => record.replace(/^.*\sDS\s+/, ""))));
  await take(vectorApex, await Bun.file(`${zoneFiles}${vectorApex}.zone`).text());
  await sign(line, parentApex);
  await sign(line, vectorApex);
  const { username, password } = login;
  await line.json(["user", "add", "alice", "--password-stdin"], password);
  for (const host of hosts) await line.json(["host", "add", host, "--user", "alice"]);
  const named = ["--username", username, "--password-stdin"];
  await line.json(
    ["login", "add", "--user", "alice", "--hosts", hosts.join(","), ...named],
    password,
  );
  const anchors: Record<string, string> = {};
  for (const apex of signedApexes) anchors[apex] = (await readParentRecords(line, apex)).dnskey[0]!;
  return { anchors };
}

/** What the parent shall have, as lines of a zone file. */
interface ParentRecords {
  readonly ds: readonly string[];
  readonly dnskey: readonly string[];
}

async function sign(line: CommandLine, apex: string): Promise<ParentRecords> {
  await line.json(["zone", "sign", apex]);
  return readParentRecords(line, apex);
}

export function readParentRecords(line: CommandLine, apex: string): Promise<ParentRecords> {
  return line.json(["zone", "ds", apex]);
}

/** A device says where it is. Returns what it is told. */
export async function moveHost(devices: Listener, host: string, address: string): Promise<string> {
  const url = `http://${devices.hostname}:${devices.port}/nic/update?hostname=${host}&myip=${address}`;
  const authorization = `Basic ${btoa(`${login.username}:${login.password}`)}`;
  const reply = await fetch(url, { headers: { authorization } });
  return await reply.text();
}
