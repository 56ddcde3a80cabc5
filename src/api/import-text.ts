/** The text of a bulk import, NDJSON or CSV: a row a host, with the columns that are known. */

import type { RowFault } from "../core/host-import.ts";
import { readCsv } from "./csv.ts";

/** As written; undefined: the column is not there, or the cell is empty. null: it is to be taken away. */
export interface ImportCells {
  readonly name?: string;
  readonly owner?: string;
  readonly v4?: string | null;
  readonly v6?: string | null;
  readonly note?: string;
  readonly interfaceId?: string | null;
  readonly username?: string;
  readonly password?: string;
  /** A device login is made for a host that is new. */
  readonly login?: boolean;
}

export type ImportLine = { readonly line: number; readonly cells: ImportCells } | RowFault;

type Column = keyof ImportCells;
type Cell = string | boolean | null;

/** What a cell may be, in words for who wrote another. */
const columns: Readonly<Record<Column, { wants: string; takes(cell: Cell): boolean }>> = {
  name: { wants: "a full host name", takes: isText },
  owner: { wants: "the name of an account", takes: isText },
  v4: { wants: "an IPv4 address, or null", takes: isTextOrNull },
  v6: { wants: "an IPv6 address, or null", takes: isTextOrNull },
  note: { wants: "a text", takes: isText },
  interfaceId: { wants: "an interface identifier, or null", takes: isTextOrNull },
  username: { wants: "a text", takes: isText },
  password: { wants: "a text", takes: isText },
  login: { wants: "true or false", takes: (cell) => typeof cell === "boolean" },
};
export const columnNames = Object.keys(columns) as readonly Column[];

/** An export tells more than can be set. */
const ignored: ReadonlySet<string> = new Set(["createdAt", "changedAt"]);

function isText(cell: Cell): boolean {
  return typeof cell === "string";
}

function isTextOrNull(cell: Cell): boolean {
  return cell === null || isText(cell);
}

function isColumn(name: string): name is Column {
  return Object.hasOwn(columns, name);
}

/** A line of JSON a row; empty lines are passed over. */
export function* readNdjson(text: string): Generator<ImportLine> {
  let line = 0;
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at);
    const row = text.slice(at, end === -1 ? undefined : end).trim();
    at = end === -1 ? text.length : end + 1;
    line++;
    if (row !== "") yield readJsonRow(row, line);
  }
}

function readJsonRow(row: string, line: number): ImportLine {
  let value: unknown;
  try {
    value = JSON.parse(row);
  } catch {
    return { line, why: "The line is no JSON." };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { line, why: "The line is no JSON object." };
  }
  return readCells(Object.entries(value), line);
}

/** A header, then rows: an empty cell stays as it is, `none` is taken away. */
export function* readCsvRows(text: string): Generator<ImportLine> {
  let header: readonly string[] | undefined;
  for (const record of readCsv(text)) {
    if ("why" in record) {
      yield record;
      if (header === undefined) return;
      continue;
    }
    const { line, fields } = record;
    if (header === undefined) {
      header = fields.map((name) => name.trim());
      const fault = findHeaderFault(header);
      if (fault === undefined) continue;
      yield { line, why: fault };
      return;
    }
    if (fields.length !== header.length) {
      yield { line, why: `${fields.length} fields, where the first line has ${header.length}.` };
      continue;
    }
    const entries = header.flatMap((name, index): [string, unknown][] => {
      const cell = fields[index]!.trim();
      return cell === "" ? [] : [[name, readCell(name, cell)]];
    });
    yield readCells(entries, line);
  }
}

function findHeaderFault(header: readonly string[]): string | undefined {
  const unknown = header.find((name) => !isColumn(name) && !ignored.has(name));
  if (unknown !== undefined) return unknownColumn(unknown);
  const repeated = header.find((name, index) => header.indexOf(name) !== index);
  if (repeated !== undefined) return `The column ${repeated} stands there twice.`;
  return header.includes("name") ? undefined : "The first line names no column name.";
}

function readCell(name: string, cell: string): unknown {
  if (name === "login") return yesOrNo.get(cell.toLowerCase()) ?? cell;
  const mayBeNone = name === "v4" || name === "v6" || name === "interfaceId";
  return mayBeNone && cell.toLowerCase() === "none" ? null : cell;
}

const yesOrNo: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["1", true],
  ["false", false],
  ["no", false],
  ["0", false],
]);

function readCells(entries: readonly [string, unknown][], line: number): ImportLine {
  const cells = new Map<Column, Cell>();
  for (const [name, cell] of entries) {
    if (ignored.has(name)) continue;
    if (!isColumn(name)) return { line, why: unknownColumn(name) };
    const { wants, takes } = columns[name];
    const isCell = cell === null || typeof cell === "string" || typeof cell === "boolean";
    if (!isCell || !takes(cell)) return { line, why: `${name} must be ${wants}.` };
    cells.set(name, cell);
  }
  return { line, cells: Object.fromEntries(cells) };
}

function unknownColumn(name: string): string {
  return `There is no column ${JSON.stringify(name.slice(0, 60))}; there are ${columnNames.join(", ")}.`;
}
