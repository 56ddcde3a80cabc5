/** Single records of a zone that are added and taken away together, and what is said where they may not be. */

import type { ZoneRecord } from "./zone.ts";

/** Of a record as it stands; one that is written anew has another. Never given twice. */
export type RecordId = number;

export interface StoredRecord extends ZoneRecord {
  readonly id: RecordId;
}

/** A place in the list: the apex first, then in order of owner, type and id. */
export type RecordPlace = Pick<StoredRecord, "owner" | "type" | "id">;

export interface RecordChange {
  /** Owners are absolute. The TTL of one that is added becomes that of all records of its owner and type. */
  readonly add: readonly ZoneRecord[];
  readonly remove: readonly RecordId[];
}

/** Which of the records cannot be added or taken away, as "found …, wanted …". */
export interface RecordFault {
  readonly list: keyof RecordChange;
  readonly index: number;
  readonly found: string;
  readonly wanted: string;
}

export type RecordsChanged =
  /** The serial that the zone has with the change; the one it had where there was nothing to change. */
  | { readonly kind: "changed"; readonly serial: number }
  /** Nothing is changed. */
  | { readonly kind: "refused"; readonly faults: readonly RecordFault[] }
  | { readonly kind: "not-found" };
