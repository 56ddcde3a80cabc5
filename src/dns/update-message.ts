/** UPDATE messages, RFC 2136: what must hold, and what shall change then. */

import { unreachable } from "../base/assert.ts";
import { opcodes, rcodes } from "./message.ts";
import type { Message, MessageRecord } from "./message.ts";
import type { Name } from "./name.ts";
import { types } from "./record-types.ts";
import { classes } from "./resource-record.ts";
import type { ResourceRecord } from "./resource-record.ts";

/** RFC 2136 §2.4. */
export type Prerequisite =
  | { readonly kind: "name-in-use"; readonly owner: Name }
  | { readonly kind: "name-not-in-use"; readonly owner: Name }
  | { readonly kind: "rrset-exists"; readonly owner: Name; readonly type: number }
  | { readonly kind: "rrset-does-not-exist"; readonly owner: Name; readonly type: number }
  /** All records of one RRset are given, one prerequisite each. */
  | {
      readonly kind: "rrset-has";
      readonly owner: Name;
      readonly type: number;
      readonly rdata: Uint8Array;
    };

/** RFC 2136 §2.5. */
export type Change =
  | { readonly kind: "add"; readonly record: ResourceRecord }
  | { readonly kind: "delete-rrset"; readonly owner: Name; readonly type: number }
  | { readonly kind: "delete-name"; readonly owner: Name }
  | {
      readonly kind: "delete-record";
      readonly owner: Name;
      readonly type: number;
      readonly rdata: Uint8Array;
    };

export interface UpdateParts {
  readonly id: number;
  readonly prerequisites?: readonly Prerequisite[];
  readonly changes: readonly Change[];
}

/** An UPDATE of the zone with this apex. */
export function makeUpdate(apex: Name, parts: UpdateParts): Message {
  return {
    id: parts.id,
    flags: new Set(),
    opcode: opcodes.UPDATE,
    rcode: rcodes.NOERROR,
    questions: [{ name: apex, type: types.SOA, class: classes.IN }],
    answers: (parts.prerequisites ?? []).map(prerequisiteRecord),
    authority: parts.changes.map(changeRecord),
    additional: [],
    edns: undefined,
  };
}

const nothing = new Uint8Array();

function prerequisiteRecord(prerequisite: Prerequisite): MessageRecord {
  const { owner } = prerequisite;
  const empty = { owner, ttlSeconds: 0, rdata: nothing };
  switch (prerequisite.kind) {
    case "name-in-use": // RFC 2136 §2.4.4
      return { ...empty, type: types.ANY, class: classes.ANY };
    case "name-not-in-use": // RFC 2136 §2.4.5
      return { ...empty, type: types.ANY, class: classes.NONE };
    case "rrset-exists": // RFC 2136 §2.4.1
      return { ...empty, type: prerequisite.type, class: classes.ANY };
    case "rrset-does-not-exist": // RFC 2136 §2.4.3
      return { ...empty, type: prerequisite.type, class: classes.NONE };
    case "rrset-has": // RFC 2136 §2.4.2
      return { ...empty, type: prerequisite.type, class: classes.IN, rdata: prerequisite.rdata };
    default:
      return unreachable(prerequisite);
  }
}

function changeRecord(change: Change): MessageRecord {
  switch (change.kind) {
    case "add": // RFC 2136 §2.5.1
      return { ...change.record, class: classes.IN };
    case "delete-rrset": // RFC 2136 §2.5.2
      return {
        owner: change.owner,
        type: change.type,
        class: classes.ANY,
        ttlSeconds: 0,
        rdata: nothing,
      };
    case "delete-name": // RFC 2136 §2.5.3
      return {
        owner: change.owner,
        type: types.ANY,
        class: classes.ANY,
        ttlSeconds: 0,
        rdata: nothing,
      };
    case "delete-record": // RFC 2136 §2.5.4
      return {
        owner: change.owner,
        type: change.type,
        class: classes.NONE,
        ttlSeconds: 0,
        rdata: change.rdata,
      };
    default:
      return unreachable(change);
  }
}
