/** What the store keeps about hosts for people: contacts, days, spans of addresses, notes. Part of the contract in `store.ts`. */

import type { ImportKey, ImportOutcome, ImportRow, RowVerdict } from "../core/host-import.ts";
import type { AddressSpan, ContactBatch, DayCounts, Heard } from "../core/contacts.ts";
import type { HostId } from "../core/host.ts";
import type { LoginUse } from "../core/login-uses.ts";
import type { LoginId } from "../core/login.ts";
import type { ZoneId } from "../core/zone.ts";

export interface HostNote {
  readonly host: HostId;
  readonly note: string;
  readonly guide: string | undefined;
  /** Undefined: by its rhythm; 0: never. */
  readonly alertHours: number | undefined;
  /** Who holds it: `operator`, or the name of its owner. */
  readonly heldBy: string | undefined;
  readonly heldWhy: string | undefined;
}

export type HostNoteChange = Partial<{
  readonly note: string;
  readonly guide: string | null;
  readonly alertHours: number | null;
}>;

export interface HostNoteStore {
  /** Adds what is new to what is there. Hosts that are gone are passed over. */
  writeContacts(batch: ContactBatch): Promise<void>;
  /** In order of host, behind `after`. */
  listHeard(after: HostId, limit: number): Promise<readonly Heard[]>;
  /** Those that somebody set, in order of host, behind `after`. */
  listAlerts(
    after: HostId,
    limit: number,
  ): Promise<readonly { readonly host: HostId; readonly hours: number }[]>;
  /** When device logins were last used. Those that are gone are passed over. */
  writeLoginUses(uses: readonly LoginUse[]): Promise<void>;
  /** In order of login, behind `after`. */
  listLoginUses(after: LoginId, limit: number): Promise<readonly LoginUse[]>;
  findHostNote(host: HostId): Promise<HostNote | undefined>;
  changeHostNote(host: HostId, change: HostNoteChange): Promise<void>;
  /** Holds the host or lets it go; devices are told `abuse` meanwhile. */
  setHeld(host: HostId, by: string | undefined, why: string): Promise<"set" | "not-found">;
  /** Whether its addresses stay whatever devices report. */
  setFixed(host: HostId, isFixed: boolean): Promise<"set" | "not-found">;
  /** Whether people may make hosts in the zone. */
  setShared(zone: ZoneId, isShared: boolean): Promise<"set" | "not-found">;
  /** What would become of each row, in their order. Reads only: a few thousand at a time let others come between. */
  judgeImport(rows: readonly ImportRow[]): Promise<readonly RowVerdict[]>;
  /** All rows in one transaction, or none. No name and no user name may stand in two rows. */
  importHosts(rows: readonly ImportRow[], key: ImportKey | undefined): Promise<ImportOutcome>;
  countHostsIn(zone: ZoneId): Promise<number>;
  /** From this day on, in order of day. */
  listDays(host: HostId, fromDay: number): Promise<readonly DayCounts[]>;
  /** Those that were in force after `fromMs`, in order of time. */
  listSpans(host: HostId, fromMs: number): Promise<readonly AddressSpan[]>;
}
