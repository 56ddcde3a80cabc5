/** Tables as aligned columns, for people. */

import { cleanText } from "../observe/log-text.ts";

/** Two spaces between columns; the last column is not filled up. Every line ends with a line end. */
export function printColumns(rows: readonly (readonly string[])[]): string {
  // What a device sent stands in some cells: nothing of it may steer the terminal.
  const cells = rows.map((row) => row.map((cell) => cleanText(cell, cellCharactersMax)));
  const widths: number[] = [];
  for (const row of cells) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  const lines = cells.map((row) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!))).join("  "),
  );
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

/** Longer than any sentence of ours and any name. */
const cellCharactersMax = 400;
