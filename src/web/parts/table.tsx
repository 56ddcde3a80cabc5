/** A list: a table where there is room, cards on a phone; a row that leads somewhere is a link as a whole. */

import type { ComponentChildren, JSX } from "preact";

export interface Column<Row> {
  readonly title: string;
  /** What the cell shows; the first column is the row's name. */
  cell(row: Row): ComponentChildren;
  /** Left out below 640 px. */
  readonly isRare?: boolean;
}

export function Table<Row>({
  label,
  columns,
  rows,
  keyOf,
  hrefOf,
}: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  keyOf(row: Row): string;
  hrefOf?(row: Row): string;
}): JSX.Element {
  return (
    <table class="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.title} scope="col" class={column.isRare === true ? "rare" : undefined}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} class={hrefOf === undefined ? undefined : "leads"}>
            {columns.map((column, at) => (
              <td
                key={column.title}
                data-title={column.title}
                class={column.isRare === true ? "rare" : undefined}
              >
                {at === 0 && hrefOf !== undefined ? (
                  <a class="row-link" href={hrefOf(row)}>
                    {column.cell(row)}
                  </a>
                ) : (
                  column.cell(row)
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
