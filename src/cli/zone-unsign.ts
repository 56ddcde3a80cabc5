/** `nameward zone unsign` */

import { stageOf } from "../core/key-roll.ts";
import { awaitParent, changeKeys, refusedUntilDue, told } from "./change-keys.ts";
import type { KeyChanger } from "./change-keys.ts";
import { command, refused } from "./command.ts";
import type { Outcome } from "./command.ts";
import { getZone } from "./find-things.ts";

export const zoneUnsign = command({
  words: "zone unsign",
  changes: true,
  summary: "Serve a signed zone without signatures, once its parent names no key; step by step.",
  arguments: ["APEX"],
  flags: {
    resolver: {
      value: "ADDRESS[:PORT]",
      doc: "Ask this resolver, or a server of the parent, whether the DS records are gone.",
    },
    dsGone: { doc: "The parent has no DS record of the zone any more." },
    now: {
      doc: "At once. Right for a zone whose parent never had a DS record; others vanish for validators.",
    },
  },
  settings: ["hostTtlSeconds"],
  notes: [
    "1. CDS and CDNSKEY ask the parent to take the DS records away. 2. They are gone.",
    "3. When every cache has forgotten them, the zone is served unsigned and its keys are removed.",
    "nameward zone sign keeps the zone signed, as long as the last step is not taken.",
  ],
  example: "nameward zone unsign dyn.example.net --resolver 9.9.9.9",
  async run({ arguments: [text = ""], flags, reading, openStore }) {
    const { hostTtlSeconds } = reading.config;
    await using store = await openStore();
    const zone = await getZone(store, text);
    const keys = await store.listKeys(zone.id);
    return await takeStep({ store, zone, keys, hostTtlSeconds }, flags);
  },
});

interface UnsignFlags {
  readonly resolver: string | undefined;
  readonly dsGone: boolean;
  readonly now: boolean;
}

async function takeStep(changer: KeyChanger, flags: UnsignFlags): Promise<Outcome> {
  const stage = stageOf(changer.keys);
  const unsigned = `The zone ${changer.zone.apex} is served unsigned.`;
  if (stage === "unsigned") return told(changer, unsigned);
  if (flags.now) return removeAll(changer, unsigned);
  if (stage === "left") return refusedUntilDue(changer) ?? changeKeys(changer, "expired", unsigned);
  if (stage === "leaving") {
    const { resolver, dsGone } = flags;
    const dsSeconds = await awaitParent(changer, [], resolver, dsGone, "--ds-gone");
    return changeKeys(changer, "parent-followed", "The parent names no key any more.", dsSeconds);
  }
  const did = "CDS and CDNSKEY ask the parent to take the DS records away.";
  return changeKeys(changer, "leaving", did);
}

async function removeAll(changer: KeyChanger, did: string): Promise<Outcome> {
  const { store, zone, keys } = changer;
  const changes = keys.map((key) => ({
    key: key.id,
    from: key.state,
    to: "removed" as const,
    waitsUntilMs: 0,
  }));
  if ((await store.setKeyStates(zone.id, changes)) === "changed-meanwhile") {
    return refused("Somebody else has changed the keys of the zone meanwhile.");
  }
  return told(changer, did);
}
