/** All that a service keeps, as text: whatever a call changes is seen, whichever table it is in. */

import { Database } from "bun:sqlite";
import { join } from "node:path";

/** What is written down about every call: who was refused, and when a session was last seen. */
const noted: ReadonlySet<string> = new Set(["audit", "change", "probe", "sqlite_sequence"]);

export function readStored(data: string): string {
  using file = new Database(join(data, "nameward.db"), { readonly: true });
  const tables = file
    .query<{ name: string }, []>("select name from sqlite_schema where type = 'table' order by 1")
    .all()
    .map(({ name }) => name)
    .filter((name) => !noted.has(name));
  if (tables.length < 20) throw new Error(`There are only ${tables.length} tables to look at`);
  return tables
    .flatMap((table) =>
      file
        .query<Record<string, unknown>, []>(`select * from "${table}"`)
        .all()
        .map((row) => `${table} ${JSON.stringify(hexOf(row))}`),
    )
    .toSorted()
    .join("\n");
}

function hexOf(row: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([column]) => !["seen_at_ms", "used_at_ms", "used_from"].includes(column))
      .map(([column, value]) => [
        column,
        value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
      ]),
  );
}
