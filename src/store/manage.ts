/** What people do to the service: accounts, zones, hosts and logins come and go. */

import { SQLiteError } from "bun:sqlite";
import type { Database } from "bun:sqlite";
import type { HostName } from "../core/host-name.ts";
import type { Host, HostId } from "../core/host.ts";
import type { KeyState } from "../core/key-state.ts";
import type { Login, NewLogin } from "../core/login.ts";
import type { AdapterState, StoredAdapter } from "../core/stored-adapter.ts";
import type { User, UserId } from "../core/user.ts";
import type { KeyChange, NewZoneKey, ZoneKey } from "../core/zone-key.ts";
import type { Zone, ZoneId, ZoneRecord } from "../core/zone.ts";
import {
  deleteAdapter,
  findAdapterByName,
  insertAdapter,
  listAdapters,
  updateAdapterState,
} from "./adapter-rows.ts";
import { appendEntry } from "./feed.ts";
import type { FactKind } from "./feed.ts";
import { deleteHost, findHostByName, insertHost } from "./host-rows.ts";
import { deleteLogin, findLoginByUsername, insertLogin, listLoginsNaming } from "./login-rows.ts";
import { findHostObstacle } from "./host-place.ts";
import type { Made, Removed } from "./store.ts";
import { deleteTombstone, findTombstone, setTombstone } from "./tombstone-rows.ts";
import { findUserById, insertUser } from "./user-rows.ts";
import { deleteZoneKey, insertZoneKey, listZoneKeys, updateKeyState } from "./zone-key-rows.ts";
import { deleteZone, findZoneById, insertZone, setRecords, setSerial } from "./zone-rows.ts";
import { raiseSerial } from "./zone-serials.ts";

/** One open transaction, and when it is. */
export interface Edit {
  readonly database: Database;
  readonly nowMs: number;
}

export function addUser(edit: Edit, name: string, isAdmin: boolean, hash: string): Made<User> {
  return unlessTaken(() => {
    const user = insertUser(edit.database, name, isAdmin, hash, edit.nowMs);
    note(edit, "user", user.id);
    return { kind: "made", made: user };
  });
}

export function addZone(
  edit: Edit,
  apex: HostName,
  isPrivate: boolean,
  serial: number,
  records: readonly ZoneRecord[],
): Made<Zone> {
  return unlessTaken(() => {
    const id = insertZone(edit.database, apex, isPrivate, serial);
    setRecords(edit.database, id, records);
    noteZone(edit, id, serial);
    return { kind: "made", made: { id, apex, isPrivate, serial } };
  });
}

/** A zone that is gone meanwhile has no records to replace. */
export function replaceRecords(
  edit: Edit,
  zone: ZoneId,
  serial: number,
  records: readonly ZoneRecord[],
): void {
  if (findZoneById(edit.database, zone) === undefined) return;
  setRecords(edit.database, zone, records);
  noteZone(edit, zone, serial);
}

export function removeZone(edit: Edit, zone: ZoneId): Removed {
  if (findZoneById(edit.database, zone) === undefined) return "not-found";
  // The entries of what goes with it, before it goes: afterwards nobody knows what it was.
  const { database, nowMs } = edit;
  const logins = database
    .query<{ id: number }, [number]>(
      "select distinct login as id from login_host join host on host.id = login_host.host where host.zone = ? order by login",
    )
    .all(zone);
  const hosts = database
    .query<{ id: number }, [number]>("select id from host where zone = ? order by id")
    .all(zone);
  for (const { id } of logins) appendEntry(database, "login", id, nowMs);
  for (const { id } of hosts) appendEntry(database, "host", id, nowMs);
  deleteZone(database, zone);
  note(edit, "keys", zone);
  note(edit, "records", zone);
  note(edit, "zone", zone);
  return "removed";
}

/** Taken: another key is in that place, or has that tag. */
export function addKey(
  edit: Edit,
  zone: ZoneId,
  key: NewZoneKey,
  state: KeyState,
  waitsUntilMs: number,
): Made<ZoneKey> {
  if (findZoneById(edit.database, zone) === undefined) return refused("There is no such zone.");
  return unlessTaken(() => {
    const made = insertZoneKey(edit.database, zone, key, state, edit.nowMs, waitsUntilMs);
    noteKeys(edit, zone);
    return { kind: "made", made };
  });
}

/** All of the changes, one after the other, or none. */
export function setKeyStates(
  edit: Edit,
  zone: ZoneId,
  changes: readonly KeyChange[],
): "set" | "changed-meanwhile" {
  const { database, nowMs } = edit;
  const there = new Map(listZoneKeys(database, zone).map((key) => [key.id, key.state]));
  if (changes.some(({ key, from }) => there.get(key) !== from)) return "changed-meanwhile";
  for (const { key, to, waitsUntilMs } of changes) {
    if (to === "removed") deleteZoneKey(database, key);
    else updateKeyState(database, key, to, nowMs, waitsUntilMs);
  }
  noteKeys(edit, zone);
  return "set";
}

/** `overrides`: an operator gives a name away that was given up or taken away lately. */
export function addHost(
  edit: Edit,
  name: HostName,
  zone: ZoneId,
  user: UserId,
  overrides = false,
): Made<Host> {
  const { database, nowMs } = edit;
  if (findUserById(database, user) === undefined) return refused("There is no such user.");
  if (findHostByName(database, name) !== undefined) return { kind: "taken" };
  const obstacle =
    findHostObstacle(database, name, zone) ??
    (overrides ? undefined : findTombstone(database, name, user, nowMs));
  if (obstacle !== undefined) return refused(obstacle);
  deleteTombstone(database, name);
  return unlessTaken(() => {
    const host = insertHost(database, name, zone, user, nowMs);
    note(edit, "host", host.id);
    raiseSerial(database, zone, nowMs);
    return { kind: "made", made: host };
  });
}

/** Its name goes to nobody else for a while, and to nobody ever when it was blocked (D11). */
export function removeHost(edit: Edit, name: HostName, blocks = false): Removed {
  const { database, nowMs } = edit;
  const host = findHostByName(database, name);
  if (host === undefined) return "not-found";
  for (const login of listLoginsNaming(database, host.id)) note(edit, "login", login);
  const isForEver = blocks || isTakenAway(database, host);
  setTombstone(database, name, host.user, isForEver, nowMs);
  deleteHost(database, host.id);
  note(edit, "host", host.id);
  raiseSerial(database, host.zone, nowMs);
  return "removed";
}

/** By somebody who is not its owner. */
function isTakenAway(from: Database, host: Host): boolean {
  if (!host.isBlocked) return false;
  const row = from
    .query<{ held_by: string | null }, [number]>("select held_by from host_note where host = ?")
    .get(host.id);
  return (row?.held_by ?? "operator") !== findUserById(from, host.user)?.name;
}

export function addLogin(edit: Edit, login: NewLogin): Made<Login> {
  if (findUserById(edit.database, login.user) === undefined) {
    return refused("There is no such user.");
  }
  const find = edit.database.query("select 1 from host where id = ?");
  for (const host of namedHosts(login)) {
    if (find.get(host) === null) return refused(`There is no host with the id ${host}.`);
  }
  return unlessTaken(() => {
    const made = insertLogin(edit.database, login);
    note(edit, "login", made.id);
    return { kind: "made", made };
  });
}

function namedHosts({ hosts, defaultHost }: NewLogin): readonly HostId[] {
  const named = hosts === "all-of-user" ? [] : hosts;
  return defaultHost === undefined ? named : [...named, defaultHost];
}

export function removeLogin(edit: Edit, username: string): Removed {
  const login = findLoginByUsername(edit.database, username);
  if (login === undefined) return "not-found";
  deleteLogin(edit.database, login.id);
  note(edit, "login", login.id);
  return "removed";
}

/** Far more than one service has kinds of devices; each is tried for every request of its path. */
const adaptersMax = 500;

export function addAdapter(
  edit: Edit,
  adapter: Omit<StoredAdapter, "id" | "changedAtMs">,
): Made<StoredAdapter> {
  if (listAdapters(edit.database).length >= adaptersMax) {
    return refused(`There are ${adaptersMax} adapters already.`);
  }
  return unlessTaken(() => {
    const made = insertAdapter(edit.database, adapter, edit.nowMs);
    note(edit, "adapter", made.id);
    return { kind: "made", made };
  });
}

export function setAdapterState(
  edit: Edit,
  name: string,
  state: AdapterState,
): "set" | "not-found" {
  const adapter = findAdapterByName(edit.database, name);
  if (adapter === undefined) return "not-found";
  updateAdapterState(edit.database, adapter.id, state, edit.nowMs);
  note(edit, "adapter", adapter.id);
  return "set";
}

export function removeAdapter(edit: Edit, name: string): Removed {
  const adapter = findAdapterByName(edit.database, name);
  if (adapter === undefined) return "not-found";
  deleteAdapter(edit.database, adapter.id);
  note(edit, "adapter", adapter.id);
  return "removed";
}

function note({ database, nowMs }: Edit, kind: FactKind, id: number): void {
  appendEntry(database, kind, id, nowMs);
}

/** What the zone answers is another, so its serial is. The keys come behind the zone, as its records do. */
function noteKeys({ database, nowMs }: Edit, zone: ZoneId): void {
  raiseSerial(database, zone, nowMs);
  appendEntry(database, "keys", zone, nowMs);
}

/** The zone before its records: a reader needs the zone to put them in. */
export function noteZone(edit: Edit, zone: ZoneId, serial: number): void {
  note(edit, "zone", zone);
  const at = appendEntry(edit.database, "records", zone, edit.nowMs);
  setSerial(edit.database, zone, serial, at);
}

function refused(why: string): { readonly kind: "refused"; readonly why: string } {
  return { kind: "refused", why };
}

/** The database knows best what is taken, also by another process a moment ago. */
export function unlessTaken<Thing>(make: () => Made<Thing>): Made<Thing> {
  try {
    return make();
  } catch (error) {
    if (error instanceof SQLiteError && error.code === "SQLITE_CONSTRAINT_UNIQUE") {
      return { kind: "taken" };
    }
    throw error;
  }
}
