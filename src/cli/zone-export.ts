/** `nameward zone export` */

import { systemClock } from "../base/clock.ts";
import { openZoneKey } from "../core/zone-key.ts";
import type { ZoneKey } from "../core/zone-key.ts";
import type { Zone } from "../core/zone.ts";
import { signOctets } from "../dns/ecdsa.ts";
import { printRdata, typeName, types } from "../dns/record-types.ts";
import { printZone } from "../dns/print-zone.ts";
import type { ResourceRecord } from "../dns/resource-record.ts";
import { signZone } from "../dns/sign-zone.ts";
import type { ZoneSigner } from "../dns/sign-zone.ts";
import type { Store } from "../store/store.ts";
import { Refused, command, refused } from "./command.ts";
import { getSecretsKey } from "./find-secrets-key.ts";
import { getZone } from "./find-things.ts";
import { getSigning } from "./print-keys.ts";
import { readWholeZone } from "./whole-zone.ts";
import { apexName } from "./zone-records.ts";

/** Long enough for a secondary that misses a week of files; RFC 6781 §4.4.2 has the reasons. */
const signedForDays = 14;
/** A validator whose clock is late shall not refuse. */
const inceptionBackSeconds = 3_600;

export const zoneExport = command({
  words: "zone export",
  summary: "Print a zone as a zone file, the addresses of its hosts included.",
  arguments: ["APEX"],
  flags: {
    signed: { doc: "Signed beforehand with a chain of NSEC, for secondaries that cannot sign." },
  },
  settings: ["hostTtlSeconds"],
  notes: [
    `The signatures of --signed are good for ${signedForDays} days: make the file again every week.`,
    "Its chain of NSEC lets everybody list the names of the zone.",
  ],
  example: "nameward zone export dyn.example.net > dyn.example.net.zone",
  async run({ arguments: [text = ""], flags, reading, openStore }) {
    await using store = await openStore();
    const zone = await getZone(store, text);
    const apex = apexName(zone.apex);
    const records = await readWholeZone(store, zone, reading.config.hostTtlSeconds);
    const printed = flags.signed
      ? await signRecords(records, zone, store, reading.config.data)
      : records;
    return {
      kind: "done",
      text: printZone(printed, apex),
      json: printed.map(({ owner, type, ttlSeconds, rdata }) => ({
        owner: owner.toString(),
        type: typeName(type),
        ttlSeconds,
        data: printRdata(type, rdata),
      })),
    };
  },
});

async function signRecords(
  records: readonly ResourceRecord[],
  zone: Zone,
  store: Store,
  dataFolder: string,
): Promise<readonly ResourceRecord[]> {
  const apex = apexName(zone.apex);
  const keys = await store.listKeys(zone.id);
  const signing = getSigning(zone, keys);
  const secretsKey = await getSecretsKey(store, dataFolder);
  const signers = new Map(keys.map((key) => [key.keyTag, getSigner(zone, key, secretsKey)]));
  const nowSeconds = Math.floor(systemClock.now() / 1_000);
  const keyRecords = (type: number, rdatas: readonly Uint8Array[]): ResourceRecord[] =>
    rdatas.map((rdata) => ({ owner: apex, type, ttlSeconds: signing.keyTtlSeconds, rdata }));
  return signZone(
    [
      ...records,
      ...keyRecords(types.DNSKEY, signing.dnskeys),
      ...keyRecords(types.CDS, signing.cds),
      ...keyRecords(types.CDNSKEY, signing.cdnskeys),
    ],
    {
      apex,
      signer: signers.get(signing.activeKeyTag)!,
      keySigners: signing.keySetTags.map((tag) => signers.get(tag)!),
      inception: nowSeconds - inceptionBackSeconds,
      expiration: nowSeconds + signedForDays * 86_400,
    },
  );
}

function getSigner(zone: Zone, key: ZoneKey, secretsKey: Uint8Array): ZoneSigner {
  const opened = openZoneKey(zone.apex, key, secretsKey);
  if (opened === undefined) {
    const why = `The key ${key.keyTag} of ${zone.apex} cannot be opened with the secrets.key that is there.`;
    throw new Refused(refused(why, "Restore both from one backup."));
  }
  const { algorithm, keyTag } = key;
  return { algorithm, keyTag, sign: (data) => signOctets(opened, data) };
}
