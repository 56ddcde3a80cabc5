/** Records of zones: the list with its filter, changes of single ones, and the whole as a zone file. */

import type { RecordFault, RecordPlace } from "../../core/record-change.ts";
import type { RecordStore } from "../../core/record-store.ts";
import type { Zone, ZoneRecord } from "../../core/zone.ts";
import type { Audit } from "../audit.ts";
import type { ReplyOf } from "../contract.ts";
import type { Call, Handlers } from "../handler.ts";
import { mayTouch } from "../may-touch.ts";
import { Refusal, invalid, notFound } from "../refusal.ts";
import { findZone, findZoneOfRecords } from "./zones.ts";

type RecordReply = ReplyOf<"listRecords">["items"][number];
type RecordText = Omit<RecordReply, "id">;

export interface RecordParts {
  readonly records: Pick<RecordStore, "listRecordsAfter" | "findRecords" | "changeRecords">;
  list(): Iterable<Zone>;
  /** Presentation form; an SOA with the serial that is served. */
  print(record: ZoneRecord, zone: Zone): Pick<RecordText, "type" | "data">;
  parse(
    text: RecordText,
    zone: Zone,
  ):
    | { readonly kind: "record"; readonly record: ZoneRecord }
    | { readonly kind: "refused"; readonly field: keyof RecordText; readonly why: string };
  /** The whole zone with its hosts, as a zone file. */
  printZone(zone: Zone): Promise<string>;
  readonly audit: Audit;
}

/** Rows are read so many at a time, and one call looks at no more than this. */
const rowsPerRead = 1_000;
const rowsPerCallMax = 50_000;

export function recordHandlers(
  parts: RecordParts,
): Handlers<"listRecords" | "changeRecords" | "exportZone"> {
  return {
    listRecords: (call) => listRecords(call, parts),
    changeRecords: (call) => changeRecords(call, parts),
    exportZone: (call) => exportZone(call, parts),
  };
}

async function listRecords(
  call: Call<"listRecords">,
  parts: RecordParts,
): Promise<ReplyOf<"listRecords">> {
  const zone = findZoneOfRecords(call, "records:read", parts);
  const { q = "", after, limit } = call.query;
  const words = q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const items: RecordReply[] = [];
  let place = after === undefined ? undefined : parsePlace(after);
  for (let looked = 0; looked < rowsPerCallMax;) {
    const rows = await parts.records.listRecordsAfter(zone.id, place, rowsPerRead);
    for (const record of rows) {
      const { id, owner, ttlSeconds } = record;
      const reply = { id: String(id), owner, ttlSeconds, ...parts.print(record, zone) };
      if (mayTouch(call.caller, "records:read", subjectOf(reply, zone)) && isWanted(reply, words)) {
        if (items.length === limit) return { items, next: printPlace(place!) };
        items.push(reply);
      }
      place = record;
    }
    if (rows.length < rowsPerRead) return { items, next: null };
    looked += rows.length;
  }
  return { items, next: printPlace(place!) };
}

function isWanted({ owner, type, data }: RecordText, words: readonly string[]): boolean {
  const text = `${owner} ${type} ${data}`.toLowerCase();
  return words.every((word) =>
    word.startsWith("type:") ? type.toLowerCase() === word.slice(5) : text.includes(word),
  );
}

/** As a token's policy names things: without the final dot. */
function subjectOf(
  { owner, type }: Pick<RecordText, "owner" | "type">,
  zone: Zone,
): { zone: string; name: string; type: string } {
  return { zone: zone.apex, name: owner.replace(/\.$/, ""), type };
}

function printPlace({ id, type, owner }: RecordPlace): string {
  return `${id} ${type} ${owner}`;
}

function parsePlace(text: string): RecordPlace {
  const [, id, type, owner] = /^(\d{1,15}) (\d{1,5}) (\S+)$/.exec(text) ?? [];
  if (owner === undefined) throw invalid("/query/after", "No place in this list.");
  return { id: Number(id), type: Number(type), owner };
}

async function changeRecords(
  call: Call<"changeRecords">,
  parts: RecordParts,
): Promise<ReplyOf<"changeRecords">> {
  const zone = findZoneOfRecords(call, "records:write", parts);
  const { add, remove } = call.body;
  const parsed = add.map((text, index) => readRecord(text, index, zone, call, parts));
  const ids = remove.map((id) => (/^\d{1,15}$/.test(id) ? Number(id) : 0));
  const there = await parts.records.findRecords(zone.id, ids);
  const errors = [
    ...parsed.filter((one): one is FieldFault => "detail" in one),
    ...there.flatMap((record, index) => {
      // What a token may not touch is as if it were not there.
      const isTheirs =
        record !== undefined &&
        mayTouch(
          call.caller,
          "records:write",
          subjectOf({ owner: record.owner, ...parts.print(record, zone) }, zone),
        );
      return isTheirs ? [] : [{ pointer: `/remove/${index}`, detail: goneDetail }];
    }),
  ];
  if (errors.length > 0) throw refused(errors, add);
  const records = parsed.filter((one): one is ZoneRecord => !("detail" in one));
  const outcome = await parts.records.changeRecords(zone.id, { add: records, remove: ids });
  switch (outcome.kind) {
    case "not-found":
      throw notFound();
    case "refused":
      throw refused(outcome.faults.map(problemOf), add);
    case "changed": {
      const detail = [
        ...there.map((record) => `- ${printRecord(record!, zone, parts)}`),
        ...records.map((record) => `+ ${printRecord(record, zone, parts)}`),
      ].join("; ");
      await note(call, zone, detail, parts);
      return { serial: outcome.serial };
    }
  }
}

const goneDetail = "There is no such record any more; look at the list again.";

interface FieldFault {
  readonly pointer: string;
  readonly detail: string;
}

function readRecord(
  text: RecordText,
  index: number,
  zone: Zone,
  { caller }: Call<"changeRecords">,
  parts: RecordParts,
): ZoneRecord | FieldFault {
  const parsed = parts.parse(text, zone);
  if (parsed.kind === "refused") {
    return { pointer: `/add/${index}/${parsed.field}`, detail: parsed.why };
  }
  const { record } = parsed;
  const { type } = parts.print(record, zone);
  if (mayTouch(caller, "records:write", subjectOf({ owner: record.owner, type }, zone))) {
    return record;
  }
  return {
    pointer: `/add/${index}/owner`,
    detail: `The token does not allow ${record.owner} ${type}.`,
  };
}

function problemOf({ list, index, found, wanted }: RecordFault): FieldFault {
  return { pointer: `/${list}/${index}`, detail: `Found ${found}, wanted ${wanted}.` };
}

/** As many as a person mends at once. */
const faultsShownMax = 20;

function refused(errors: readonly FieldFault[], add: readonly RecordText[]): Refusal {
  const [first] = errors;
  const index = /^\/add\/(\d+)/.exec(first!.pointer)?.[1];
  const { owner, type } = add[Number(index)] ?? {};
  const what = owner === undefined ? "" : `${owner} ${type}: `;
  return new Refusal(422, "invalid", "Nothing is changed: a record cannot be as it was asked.", {
    hint: `${what}${first!.detail}`,
    errors: errors.slice(0, faultsShownMax),
  });
}

function printRecord(record: ZoneRecord, zone: Zone, parts: RecordParts): string {
  const { type, data } = parts.print(record, zone);
  return `${record.owner} ${record.ttlSeconds} ${type} ${data}`;
}

/** Of a large change the log keeps the beginning, and says so. */
const auditCharactersMax = 4_000;

function note(
  call: Call<"changeRecords">,
  zone: Zone,
  text: string,
  { audit }: RecordParts,
): Promise<void> {
  const detail =
    text.length <= auditCharactersMax ? text : `${text.slice(0, auditCharactersMax)} …`;
  const entry = { action: "zone.records", target: zone.apex, result: "ok", detail } as const;
  return audit.note({ actor: call.caller, ...entry }, call);
}

async function exportZone(call: Call<"exportZone">, parts: RecordParts): Promise<Response> {
  const zone = findZone(call, "records:read", parts);
  const { caller } = call;
  if (caller.kind === "program" && caller.policy.types !== undefined) {
    throw new Refusal(403, "not-allowed", "The token does not allow the whole zone.", {
      hint: "GET /zones/{zone}/records lists what it allows.",
    });
  }
  return new Response(await parts.printZone(zone), {
    headers: {
      "Content-Type": "text/plain; charset=utf-8",
      "Content-Disposition": `attachment; filename="${zone.apex}.zone"`,
    },
  });
}
