/** Zones that are opened and closed, and what comes and goes in them by itself. */

import type { Database } from "bun:sqlite";
import { assert } from "../base/assert.ts";
import type { Enrolled, Enrolment } from "../core/enrolment.ts";
import type { Login } from "../core/login.ts";
import type { OpeningKind, Zone, ZoneId, ZoneOpening } from "../core/zone.ts";
import { appendEntry } from "./feed.ts";
import { findHostObstacle } from "./host-place.ts";
import { countHostsOf, findHostById, findHostByName } from "./host-rows.ts";
import { findLoginByUsername } from "./login-rows.ts";
import { addHost, addLogin, removeHost, removeLogin } from "./manage.ts";
import type { Edit } from "./manage.ts";
import type { Made, Removed } from "./store.ts";
import { findUserById } from "./user-rows.ts";
import {
  deleteOpening,
  findZoneById,
  listOpenings,
  listZonesOpenFor,
  setOpening,
} from "./zone-rows.ts";

/** A zone that is open for the same user already takes the new number of hosts. */
export function openZone(edit: Edit, zone: ZoneId, opening: ZoneOpening): Made<Zone> {
  const { database, nowMs } = edit;
  if (findZoneById(database, zone) === undefined) return refuse("There is no such zone.");
  if (findUserById(database, opening.user) === undefined) return refuse("There is no such user.");
  const there = findOpening(database, zone, opening.by);
  if (there !== undefined && there.user !== opening.user) return { kind: "taken" };
  if (opening.by === "acme") {
    const other = listZonesOpenFor(database, "acme").find((id) => id !== zone);
    const apex = other === undefined ? undefined : findZoneById(database, other)?.apex;
    if (apex !== undefined) {
      return refuse(
        `${apex} is open for ACME programs already, and they cannot say which zone they mean.`,
      );
    }
  }
  setOpening(database, zone, opening);
  appendEntry(database, "zone", zone, nowMs);
  return { kind: "made", made: findZoneById(database, zone)! };
}

/** What signed up stays. */
export function closeZone({ database, nowMs }: Edit, zone: ZoneId, by: OpeningKind): Removed {
  if (findOpening(database, zone, by) === undefined) return "not-found";
  deleteOpening(database, zone, by);
  appendEntry(database, "zone", zone, nowMs);
  return "removed";
}

/** Everything is looked at before anything is changed: what is refused leaves all as it was. */
export function enrol(edit: Edit, { zone, by, name, login }: Enrolment): Enrolled {
  const { database } = edit;
  const opening = findOpening(database, zone, by);
  if (opening === undefined) return { kind: "not-open" };
  const { user, hostsMax } = opening;
  const before = findLoginByUsername(database, login.username);
  if (before !== undefined && before.user !== user) return { kind: "taken" };
  const there = findHostByName(database, name);
  if (there !== undefined) {
    // The same registration twice at once: the second finds what the first one made.
    const isOwn = before !== undefined && hostsOf(before).includes(there.id);
    return isOwn ? { kind: "made", host: there, login: before } : { kind: "taken" };
  }
  const obstacle = findHostObstacle(database, name, zone);
  if (obstacle !== undefined) return refuse(obstacle);
  const left = before === undefined ? 0 : countIn(database, zone, before);
  if (countHostsOf(database, zone, user) - left >= hostsMax) return { kind: "full" };

  if (before !== undefined) leave(edit, before);
  const host = addHost(edit, name, zone, user);
  assert(host.kind === "made", "there is room for the host");
  const made = addLogin(edit, { ...login, user, hosts: [host.made.id] });
  assert(made.kind === "made", "the user name is free");
  return { kind: "made", host: host.made, login: made.made };
}

/** A login goes, and the hosts that it names with it. */
export function withdraw(edit: Edit, username: string): "withdrawn" | "not-found" {
  const login = findLoginByUsername(edit.database, username);
  if (login === undefined) return "not-found";
  leave(edit, login);
  return "withdrawn";
}

function leave(edit: Edit, login: Login): void {
  for (const id of hostsOf(login)) {
    const host = findHostById(edit.database, id);
    if (host !== undefined) removeHost(edit, host.name);
  }
  removeLogin(edit, login.username);
}

/** Who signed up by itself has named hosts; a login for all hosts of a user is the operator's. */
function hostsOf({ hosts }: Login): readonly number[] {
  return hosts === "all-of-user" ? [] : hosts;
}

function countIn(database: Database, zone: ZoneId, login: Login): number {
  return hostsOf(login).filter((id) => findHostById(database, id)?.zone === zone).length;
}

function findOpening(from: Database, zone: ZoneId, by: OpeningKind): ZoneOpening | undefined {
  return listOpenings(from, zone).find((opening) => opening.by === by);
}

function refuse(why: string): { readonly kind: "refused"; readonly why: string } {
  return { kind: "refused", why };
}
