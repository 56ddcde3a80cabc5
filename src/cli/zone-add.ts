/** `nameward zone add` */

import { systemClock } from "../base/clock.ts";
import { parseServerName } from "../config/setting-values.ts";
import type { HostName } from "../core/host-name.ts";
import type { ZoneRecord } from "../core/zone.ts";
import { types } from "../dns/record-types.ts";
import { Refused, command, refused } from "./command.ts";
import { getName } from "./find-things.ts";
import { makeRecord } from "./zone-records.ts";

/** RFC 1912 §2.2 has ranges for the first three; records of the zone itself move seldom. */
const soaTimes = { refresh: 3_600, retry: 600, expire: 1_209_600 };
const apexTtlSeconds = 3_600;

export const zoneAdd = command({
  words: "zone add",
  changes: true,
  summary: "Begin a zone, with an SOA and NS records.",
  arguments: ["APEX"],
  flags: {
    private: { doc: "Its hosts may hold private, loopback and CGNAT addresses." },
    ns: { value: "NAME,…", doc: "Its name servers; stronger than the setting nameServers." },
  },
  settings: ["nameServers", "negativeTtlSeconds"],
  notes: ["A running server answers for it within a second."],
  example: "nameward zone add dyn.example.net --ns ns1.example.net,ns2.example.net",
  makesData: true,
  async run({ arguments: [text = ""], flags, reading, openStore, warn }) {
    const apex = getName(text);
    const { nameServers, negativeTtlSeconds } = reading.config;
    const servers = flags.ns === undefined ? nameServers : parseServers(flags.ns);
    const names = servers.length > 0 ? servers : [`ns1.${apex}`];
    // A zone that is removed and made again must not look older to its secondaries than it was.
    const serial = Math.floor(systemClock.now() / 1_000);
    const records = apexRecords(apex, names, serial, negativeTtlSeconds);
    await using store = await openStore();
    const outcome = await store.addZone(apex, flags.private, serial, records);
    if (outcome.kind === "taken") return refused(`The zone ${apex} is there already.`);
    if (outcome.kind === "refused") return refused(outcome.why);
    for (const name of names.filter((each) => each.endsWith(`.${apex}`))) {
      warn(`${name} has no address yet; nameward host add ${name} --user USER makes it a host.`);
    }
    return {
      kind: "done",
      text: `Zone ${apex} is made, with ${names.join(", ")} as its name servers.\n`,
      json: { apex, private: flags.private, serial, nameServers: names },
    };
  },
});

function parseServers(text: string): readonly string[] {
  return text.split(",").map((part) => {
    const name = parseServerName(part.trim());
    if (name !== undefined) return name;
    const why = `${JSON.stringify(part)} in --ns is not a full host name.`;
    throw new Refused(refused(why, "Wanted: names with commas between, as ns1.example.net."));
  });
}

/** What every zone has: RFC 1035 §3.3.13 and §3.3.11. */
export function apexRecords(
  apex: HostName,
  servers: readonly string[],
  serial: number,
  negativeTtlSeconds: number,
): readonly ZoneRecord[] {
  const { refresh, retry, expire } = soaTimes;
  const numbers = `${serial} ${refresh} ${retry} ${expire} ${negativeTtlSeconds}`;
  const soa = `${servers[0]}. hostmaster.${apex}. ${numbers}`;
  return [
    makeRecord(`${apex}.`, types.SOA, apexTtlSeconds, soa),
    ...servers.map((name) => makeRecord(`${apex}.`, types.NS, apexTtlSeconds, `${name}.`)),
  ];
}
