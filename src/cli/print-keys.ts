/** Keys of a zone, for people and programs: what the parent is to know, and what comes next. */

import { nextStep, stageOf } from "../core/key-roll.ts";
import type { NextStep } from "../core/key-roll.ts";
import type { ZoneKey } from "../core/zone-key.ts";
import { signingOf } from "../core/zone-signing.ts";
import type { ZoneSigning } from "../core/zone-signing.ts";
import type { Zone } from "../core/zone.ts";
import { makeDs } from "../dns/key-records.ts";
import { printRdata, types } from "../dns/record-types.ts";
import { Refused, refused } from "./command.ts";
import { printTime } from "./print-host.ts";
import { apexName } from "./zone-records.ts";

/** The DS records that the parent shall have, and the keys they stand for: some registries ask for those. */
export interface ParentRecords {
  readonly ds: readonly string[];
  readonly dnskey: readonly string[];
}

export function parentRecords(zone: Zone, keys: readonly ZoneKey[]): ParentRecords {
  const named = keys.filter((key) => key.state === "active");
  const ds = named.map(({ dnskey }) => makeDs(apexName(zone.apex), dnskey));
  return {
    ds: ds.map((rdata) => `${zone.apex}. IN DS ${printRdata(types.DS, rdata)}`),
    dnskey: named.map(
      ({ dnskey }) => `${zone.apex}. IN DNSKEY ${printRdata(types.DNSKEY, dnskey)}`,
    ),
  };
}

export function getSigning(zone: Zone, keys: readonly ZoneKey[]): ZoneSigning {
  const signing = signingOf(apexName(zone.apex), keys);
  if (signing !== undefined) return signing;
  throw new Refused(
    refused(`The zone ${zone.apex} is not signed.`, `Sign it: nameward zone sign ${zone.apex}`),
  );
}

/** The fields that every command which prints keys has in common. */
export function keysJson(zone: Zone, keys: readonly ZoneKey[]) {
  return {
    apex: zone.apex,
    stage: stageOf(keys),
    ...parentRecords(zone, keys),
    keys: keys.map((key) => ({
      tag: key.keyTag,
      algorithm: key.algorithm,
      state: key.state,
      since: printTime(key.stateSinceMs),
    })),
    next: nextJson(keys),
  };
}

function nextJson(keys: readonly ZoneKey[]) {
  const next = nextStep(keys);
  if (next === undefined) return null;
  return { step: next.step, from: printTime(next.fromMs) };
}

const stepTexts: Readonly<Record<NextStep["step"], string>> = {
  switch: "the successor takes over",
  parent: "the parent follows",
  remove: "the key before is removed",
  unsign: "the zone is served unsigned",
};

/** One sentence. */
export function printNext(zone: Zone, keys: readonly ZoneKey[]): string {
  const next = nextStep(keys);
  const stage = stageOf(keys);
  if (next === undefined) {
    return stage === "signed"
      ? `Nothing is under way. A roll-over begins with nameward zone roll ${zone.apex}.`
      : `nameward zone sign ${zone.apex} signs it.`;
  }
  const command = stage === "leaving" || stage === "left" ? "unsign" : "roll";
  const from = printTime(next.fromMs);
  const ds = stage === "leaving" ? "no DS record" : "the DS records of nameward zone ds, no others";
  const when = from === null ? `when it has ${ds}` : `from ${from}`;
  return `Next: ${stepTexts[next.step]}, ${when}, with nameward zone ${command} ${zone.apex}.`;
}
