/** `nameward zone sign` */

import { systemChance } from "../base/chance.ts";
import { systemClock } from "../base/clock.ts";
import { forgottenFromMs, stageOf } from "../core/key-roll.ts";
import { makeZoneKey } from "../core/zone-key.ts";
import type { ZoneKey } from "../core/zone-key.ts";
import type { Zone } from "../core/zone.ts";
import { typeName } from "../dns/record-types.ts";
import { signerTypes } from "../dns/sign-zone.ts";
import type { Store } from "../store/store.ts";
import { changeKeys, largestTtl } from "./change-keys.ts";
import { Refused, command, refused } from "./command.ts";
import type { Outcome } from "./command.ts";
import { getSecretsKey } from "./find-secrets-key.ts";
import { getZone } from "./find-things.ts";
import { keysJson, parentRecords, printNext } from "./print-keys.ts";
import { printTime } from "./print-host.ts";

export const zoneSign = command({
  words: "zone sign",
  changes: true,
  summary: "Sign a zone with DNSSEC from now on, and print the DS record for its parent.",
  arguments: ["APEX"],
  settings: ["hostTtlSeconds"],
  notes: [
    "A running server signs within a second. The key is kept encrypted; its key file is secrets.key.",
    "On a zone that is signed it prints the same again. It also ends a nameward zone unsign that has begun.",
  ],
  example: "nameward zone sign dyn.example.net",
  async run({ arguments: [text = ""], reading, openStore }) {
    const { data, hostTtlSeconds } = reading.config;
    await using store = await openStore();
    const zone = await getZone(store, text);
    const keys = await store.listKeys(zone.id);
    switch (stageOf(keys)) {
      case "leaving":
      case "left": {
        const did = `The zone ${zone.apex} stays signed.`;
        const changed = await changeKeys({ store, zone, keys, hostTtlSeconds }, "staying", did);
        return changed.kind === "done" ? signed(zone, await store.listKeys(zone.id)) : changed;
      }
      case "unsigned":
        await refuseSignerRecords(store, zone);
        break;
      default:
        return signed(zone, keys);
    }
    const largest = await largestTtl({ store, zone, keys, hostTtlSeconds });
    const key = makeZoneKey(zone.apex, [], await getSecretsKey(store, data), systemChance);
    const waitsUntilMs = forgottenFromMs(systemClock.now(), largest);
    const outcome = await store.addKey(zone.id, key, "active", waitsUntilMs);
    if (outcome.kind === "refused") return refused(outcome.why);
    // Taken: somebody else was a moment quicker, and then that key counts.
    return signed(zone, await store.listKeys(zone.id));
  },
});

function signed(zone: Zone, keys: readonly ZoneKey[]): Outcome {
  const { ds, dnskey } = parentRecords(zone, keys);
  const active = keys.find((key) => key.state === "active");
  const from = printTime(active?.waitsUntilMs);
  const isEarly = active !== undefined && systemClock.now() < active.waitsUntilMs;
  const advice = isEarly
    ? `The zone ${zone.apex} is signed. From ${from} on, give its parent (the registrar) this DS record;\n` +
      "until then resolvers may hold answers without signatures."
    : `The zone ${zone.apex} is signed. Its parent (the registrar) shall have this DS record:`;
  const asked = "A registry that asks for the key instead wants this:";
  return {
    kind: "done",
    text: `${advice}\n\n${lines(ds)}\n${asked}\n\n${lines(dnskey)}\n${printNext(zone, keys)}\n`,
    json: { ...keysJson(zone, keys), parentFrom: from },
  };
}

function lines(texts: readonly string[]): string {
  return texts.map((line) => `${line}\n`).join("");
}

/** Two signers of one zone would contradict each other. */
async function refuseSignerRecords(store: Store, zone: Zone): Promise<void> {
  const records = await store.listRecords(zone.id);
  const foreign = records.find((record) => signerTypes.has(record.type));
  if (foreign === undefined) return;
  const what = `${foreign.owner} ${typeName(foreign.type)}`;
  throw new Refused(
    refused(
      `The zone ${zone.apex} holds records of another signer: ${what}.`,
      "Import its zone file again, without what that signer has added.",
    ),
  );
}
