/** What hosts have beside their addresses: texts of challenges and interface identifiers come and go. */

import type { ChallengeResult } from "../core/challenge.ts";
import type { HostId } from "../core/host.ts";
import type { InterfaceIdentifier } from "../core/interface-identifier.ts";
import type { Receipt } from "../core/receipt.ts";
import type { ChallengeChange } from "../core/update.ts";
import type { ZoneId } from "../core/zone.ts";
import { deleteChallenges, insertChallenge } from "./challenge-rows.ts";
import { appendEntry } from "./feed.ts";
import { findChallengeObstacle } from "./host-place.ts";
import { findHostById } from "./host-rows.ts";
import { setIdentifier } from "./interface-rows.ts";
import type { Edit } from "./manage.ts";
import { insertReceipts } from "./receipt-rows.ts";
import { raiseSerial } from "./zone-serials.ts";

/** All hosts, one after the other. `receipts` are of the hosts in their order; those of what changed are kept. */
export function changeChallenges(
  edit: Edit,
  hosts: readonly HostId[],
  change: ChallengeChange,
  receipts: readonly Receipt[],
): readonly ChallengeResult[] {
  const { database, nowMs } = edit;
  const zones = new Set<ZoneId>();
  const results = hosts.map((id): ChallengeResult => {
    const host = findHostById(database, id);
    if (host === undefined) return { kind: "gone" };
    const why = change.kind === "add" ? findChallengeObstacle(database, host) : undefined;
    if (why !== undefined) return { kind: "refused", why };
    if (!apply(edit, id, change)) return { kind: "unchanged" };
    appendEntry(database, "challenges", id, nowMs);
    zones.add(host.zone);
    return { kind: "changed" };
  });
  for (const zone of zones) raiseSerial(database, zone, nowMs);
  insertReceipts(
    database,
    receipts.filter((_, index) => results[index]?.kind === "changed"),
  );
  return results;
}

function apply({ database, nowMs }: Edit, host: HostId, change: ChallengeChange): boolean {
  switch (change.kind) {
    case "add":
      return insertChallenge(database, host, change.value, nowMs);
    case "remove":
      return deleteChallenges(database, host, change.value);
    case "clear":
      return deleteChallenges(database, host, undefined);
  }
}

/** No answer of DNS changes by it: the next prefix that a router reports does that. */
export function setInterface(
  { database, nowMs }: Edit,
  host: HostId,
  identifier: InterfaceIdentifier | undefined,
): "set" | "unchanged" | "not-found" {
  if (findHostById(database, host) === undefined) return "not-found";
  if (!setIdentifier(database, host, identifier)) return "unchanged";
  appendEntry(database, "interface", host, nowMs);
  return "set";
}
