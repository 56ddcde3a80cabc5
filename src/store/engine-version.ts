/** Which SQLite may be trusted with acknowledged changes. */

/**
 * Releases that carry the fix of the WAL reset fault: SQLite 3.7.0 to 3.51.2 can silently drop
 * committed transactions when two connections checkpoint (sqlite.org, change log of 3.51.3). The two
 * older series got the fix as well.
 */
const firstSound = [3, 51, 3] as const;
const soundSeries = [
  [3, 50, 7],
  [3, 44, 6],
] as const;

/** `3.54.1`, as `sqlite_version()` prints it. */
export function isSoundEngine(version: string): boolean {
  const parts = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})$/.exec(version);
  if (parts === null) return false;
  const [major, minor, patch] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  for (const [seriesMajor, seriesMinor, seriesPatch] of soundSeries) {
    if (major === seriesMajor && minor === seriesMinor) return patch >= seriesPatch;
  }
  const [soundMajor, soundMinor, soundPatch] = firstSound;
  if (major !== soundMajor) return major > soundMajor;
  if (minor !== soundMinor) return minor > soundMinor;
  return patch >= soundPatch;
}
