/** `nameward zone roll` */

import { systemChance } from "../base/chance.ts";
import { systemClock } from "../base/clock.ts";
import { knownFromMs, stageOf } from "../core/key-roll.ts";
import { makeZoneKey } from "../core/zone-key.ts";
import { awaitParent, changeKeys, refusedUntilDue, told } from "./change-keys.ts";
import type { KeyChanger } from "./change-keys.ts";
import { command, refused } from "./command.ts";
import type { Outcome } from "./command.ts";
import { getSecretsKey } from "./find-secrets-key.ts";
import { getZone } from "./find-things.ts";
import { getSigning } from "./print-keys.ts";

export const zoneRoll = command({
  words: "zone roll",
  changes: true,
  summary: "Replace the key of a signed zone, step by step; each call takes the next step.",
  arguments: ["APEX"],
  flags: {
    resolver: {
      value: "ADDRESS[:PORT]",
      doc: "Ask this resolver, or a server of the parent, whether the parent has followed.",
    },
    dsSeen: { doc: "The parent has the DS records of nameward zone ds, and no others." },
    continue: { doc: "Go on with a roll-over that has begun, and never begin one." },
  },
  settings: ["hostTtlSeconds"],
  notes: [
    "1. A successor is published. 2. When every cache knows it, it signs, and CDS and CDNSKEY name it.",
    "3. The parent follows. 4. When every cache has forgotten the key before, that one is removed.",
    "A step that would be too early is refused, with the time from which it is not. Nothing breaks by waiting.",
    "A file of nameward zone export --signed is to be made again after each step, before the next one.",
  ],
  example: "nameward zone roll dyn.example.net --resolver 9.9.9.9",
  async run({ arguments: [text = ""], flags, reading, openStore }) {
    const { data, hostTtlSeconds } = reading.config;
    await using store = await openStore();
    const zone = await getZone(store, text);
    const keys = await store.listKeys(zone.id);
    getSigning(zone, keys);
    return await takeStep({ store, zone, keys, hostTtlSeconds }, flags, data);
  },
});

interface RollFlags {
  readonly resolver: string | undefined;
  readonly dsSeen: boolean;
  readonly continue: boolean;
}

async function takeStep(changer: KeyChanger, flags: RollFlags, data: string): Promise<Outcome> {
  const { store, zone, keys } = changer;
  switch (stageOf(keys)) {
    case "unsigned":
    case "leaving":
    case "left":
      return refused(
        `The zone ${zone.apex} is about to be served unsigned.`,
        `Keep it signed with nameward zone sign ${zone.apex}, and then replace its key.`,
      );
    case "signed":
      if (flags.continue) return told(changer, "No roll-over is under way.");
      return publish(changer, await getSecretsKey(store, data));
    case "introducing":
      return (
        refusedUntilDue(changer) ??
        changeKeys(changer, "switched", "The successor signs now, and CDS and CDNSKEY name it.")
      );
    case "handing-over": {
      const wanted = keys.filter((key) => key.state === "active").map((key) => key.dnskey);
      const { resolver, dsSeen } = flags;
      const dsSeconds = await awaitParent(changer, wanted, resolver, dsSeen, "--ds-seen");
      const did = "The parent names the new key and no other.";
      return changeKeys(changer, "parent-followed", did, dsSeconds);
    }
    case "finishing":
      return (
        refusedUntilDue(changer) ??
        changeKeys(changer, "expired", "The key before is removed. The roll-over is done.")
      );
  }
}

async function publish(changer: KeyChanger, secretsKey: Uint8Array): Promise<Outcome> {
  const { store, zone, keys } = changer;
  const taken = keys.map((key) => key.keyTag);
  const key = makeZoneKey(zone.apex, taken, secretsKey, systemChance);
  const waitsUntilMs = knownFromMs(systemClock.now());
  const outcome = await store.addKey(zone.id, key, "published", waitsUntilMs);
  if (outcome.kind === "refused") return refused(outcome.why);
  if (outcome.kind === "taken") return refused("Somebody else has begun a roll-over meanwhile.");
  return told(changer, `The successor ${key.keyTag} is published.`);
}
