/** Rows under a head, each column as wide as it must be. */

/** The first columns are words and stand left; figures stand right. */
export function printTable(
  head: readonly string[],
  lines: readonly (readonly string[])[],
  wordColumns: number,
): string {
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at]!.length)));
  return [head, ...lines]
    .map((line) =>
      line.map((cell, at) =>
        at < wordColumns ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!),
      ),
    )
    .map((line) => line.join("  ").trimEnd())
    .join("\n");
}

/** What one disturbed round does not move. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
