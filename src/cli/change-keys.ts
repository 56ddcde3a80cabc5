/** The steps that `zone roll` and `zone unsign` have in common. */

import { systemClock } from "../base/clock.ts";
import { changesBy, dsTtlSecondsMax, nextStep } from "../core/key-roll.ts";
import type { KeyEvent } from "../core/key-state.ts";
import type { ZoneKey } from "../core/zone-key.ts";
import { keyTtlSeconds } from "../core/zone-signing.ts";
import type { Zone } from "../core/zone.ts";
import type { Store } from "../store/store.ts";
import { Refused, refused } from "./command.ts";
import type { Outcome, Refusal } from "./command.ts";
import { getParentDs, parentLacks } from "./parent-ds.ts";
import { keysJson, printNext } from "./print-keys.ts";
import { printTime } from "./print-host.ts";
import { apexName } from "./zone-records.ts";

export interface KeyChanger {
  readonly store: Store;
  readonly zone: Zone;
  readonly keys: readonly ZoneKey[];
  readonly hostTtlSeconds: number;
}

/** Lets `event` happen to the keys, and says what is next. `did` is a sentence. */
export async function changeKeys(
  changer: KeyChanger,
  event: KeyEvent,
  did: string,
  dsSeconds: number = dsTtlSecondsMax,
): Promise<Outcome> {
  const { store, zone, keys } = changer;
  const ttls = { largestSeconds: await largestTtl(changer), dsSeconds };
  const changes = changesBy(event, keys, ttls, systemClock.now());
  if ((await store.setKeyStates(zone.id, changes)) === "changed-meanwhile") {
    return refused(
      "Somebody else has changed the keys of the zone meanwhile.",
      "Look again: nameward zone keys.",
    );
  }
  return told(changer, did);
}

/** What was done, and the keys as they are now. */
export async function told({ store, zone }: KeyChanger, did: string): Promise<Outcome> {
  const keys = await store.listKeys(zone.id);
  return {
    kind: "done",
    text: `${did}\n${printNext(zone, keys)}\n`,
    json: { did, ...keysJson(zone, keys) },
  };
}

/** A step that is taken too early is refused, and nothing changes. */
export function refusedUntilDue({ zone, keys }: KeyChanger): Refusal | undefined {
  const next = nextStep(keys);
  const from = next?.fromMs;
  if (from === undefined || systemClock.now() >= from) return undefined;
  return {
    kind: "refused",
    why: `It is too early: caches may hold what was true before until ${printTime(from)}.`,
    fix: printNext(zone, keys),
    json: keysJson(zone, keys),
  };
}

/**
 * Sees that the parent names the `wanted` keys and no others, and gives back how long its old DS records may
 * be kept. `isSeen`: the operator says so.
 */
export async function awaitParent(
  { zone, keys }: KeyChanger,
  wanted: readonly Uint8Array[],
  resolver: string | undefined,
  isSeen: boolean,
  seenFlag: string,
): Promise<number> {
  if (isSeen) return dsTtlSecondsMax;
  const json = keysJson(zone, keys);
  const what =
    wanted.length === 0
      ? "has no DS record of it"
      : `has the DS records of nameward zone ds ${zone.apex}, and no others`;
  if (resolver === undefined) {
    const why = `The zone waits until its parent ${what}.`;
    const fix = `Let a resolver look with --resolver ADDRESS, or say with ${seenFlag} that you have seen it.`;
    throw new Refused({ kind: "refused", why, fix, json });
  }
  const apex = apexName(zone.apex);
  const parent = await getParentDs(resolver, apex);
  const details = parentLacks(apex, parent.rdatas, wanted);
  // What is gone has no TTL to read any more.
  if (details.length === 0) {
    return wanted.length === 0 ? Math.max(parent.ttlSeconds, dsTtlSecondsMax) : parent.ttlSeconds;
  }
  const why = `The parent of ${zone.apex} does not follow yet, as ${resolver} sees it.`;
  const where = wanted.length === 0 ? "" : `: nameward zone ds ${zone.apex}`;
  const fix = `It follows CDS and CDNSKEY by itself, or the registrar wants to be told${where}.`;
  throw new Refused({
    kind: "refused",
    why,
    fix,
    details,
    json: { ...json, parent: [...details] },
  });
}

/** Of all that the zone answers. */
export async function largestTtl({ store, zone, hostTtlSeconds }: KeyChanger): Promise<number> {
  const records = await store.listRecords(zone.id);
  return records.reduce(
    (largest, { ttlSeconds }) => Math.max(largest, ttlSeconds),
    Math.max(hostTtlSeconds, keyTtlSeconds),
  );
}
