/** The known word that somebody probably meant. */

/** Two slips of the finger are forgiven; with three nearly every short word looks like another. */
const slipsMax = 2;

/** Letters compared; what is longer is no slip. */
const wordCharactersMax = 64;

/** The nearest of `known`, when it is near. Of two equally near the first. */
export function findNearest(word: string, known: Iterable<string>): string | undefined {
  const asked = plain(word);
  if (asked.length === 0 || asked.length > wordCharactersMax) return undefined;
  let best: string | undefined;
  let bestSlips = Math.min(slipsMax, Math.max(1, asked.length - 2)) + 1;
  for (const candidate of known) {
    const slips = countSlips(asked, plain(candidate));
    if (slips < bestSlips) {
      best = candidate;
      bestSlips = slips;
    }
  }
  return best;
}

/** `host-ttl-seconds`, `host_ttl_seconds` and `hostTtlSeconds` differ in nothing that matters here. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, "");
}

/** Letters to put in, take out or change, two neighbours in the wrong order being one (optimal string alignment). */
function countSlips(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, previous[j]! + 1, current[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, before[j - 2]! + 1);
      }
      current.push(least);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}
