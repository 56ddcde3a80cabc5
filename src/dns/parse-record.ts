/** One record as a person writes it: owner, type and data in the words of a zone file. */

import { parseName } from "./name.ts";
import type { Name } from "./name.ts";
import { isMetaType, parseRdataText, typeCode, typeName } from "./record-types.ts";

export type ParsedRecord =
  | {
      readonly kind: "record";
      readonly owner: Name;
      readonly type: number;
      readonly rdata: Uint8Array;
    }
  | { readonly kind: "refused"; readonly field: "owner" | "type" | "data"; readonly why: string };

export interface RecordText {
  /** `@`, `www`, or a full name; a name that ends with the apex is full with and without a final dot. */
  readonly owner: string;
  /** `MX`, or `TYPE65280` (RFC 3597 §5). */
  readonly type: string;
  /** Names in it are full, with and without a final dot. */
  readonly data: string;
}

export function parseRecord({ owner, type, data }: RecordText, apex: Name): ParsedRecord {
  const name = parseOwner(owner.trim(), apex);
  if (name === undefined) {
    return refused(
      "owner",
      `Found ${JSON.stringify(owner.slice(0, 80))}, wanted a name in ${apex}`,
    );
  }
  if (!name.isWithin(apex)) return refused("owner", `${name} does not lie in ${apex}`);
  const code = typeCode(type.trim());
  if (code === undefined) {
    const found = JSON.stringify(type.slice(0, 20));
    return refused("type", `Found ${found}, wanted a record type, as TXT or TYPE65280.`);
  }
  if (isMetaType(code)) return refused("type", `${typeName(code)} is no data of a zone.`);
  // A character is its octets in UTF-8, as in a file.
  const parsed = parseRdataText(code, Buffer.from(data, "utf8").toString("latin1"));
  if (parsed.kind === "refused") return refused("data", parsed.why);
  return { kind: "record", owner: name, type: code, rdata: parsed.rdata };
}

function parseOwner(text: string, apex: Name): Name | undefined {
  // Beyond ASCII a name is written as xn--.
  if (/[^\x21-\x7e]/.test(text)) return undefined;
  const full = parseName(text);
  return full?.isWithin(apex) === true && text !== "@" ? full : parseName(text, apex);
}

function refused(field: "owner" | "type" | "data", why: string): ParsedRecord {
  return { kind: "refused", field, why };
}
