/** What is read of another client's configuration. */

/** One account of the other program. */
export interface ForeignBlock {
  /** In which line it begins. */
  readonly line: number;
  /** By our names; `undefined`: its service cannot be spoken to. */
  readonly profile: Readonly<Record<string, string | readonly string[]>> | undefined;
}

export interface ForeignFile {
  readonly blocks: readonly ForeignBlock[];
  readonly poll: string | undefined;
  /** Sentences with the number of the line. */
  readonly left: readonly string[];
}

/** Seconds as both programs write them, in our bounds: a file that asked every minute asks less often here. */
export function pollOf(seconds: string | undefined): string | undefined {
  const count = Number(seconds?.replace(/s$/, ""));
  if (seconds === undefined || !Number.isInteger(count) || count <= 0) return undefined;
  return `${Math.min(86_400, Math.max(60, count))}s`;
}
