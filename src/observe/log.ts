/** Structured logs: one JSON object a line on standard error, or short lines on a terminal. */

/** What parts of the program write to. Fields first, then a constant sentence. */
export interface Log {
  debug(fields: LogFields, sentence: string): void;
  info(fields: LogFields, sentence: string): void;
  warn(fields: LogFields, sentence: string): void;
  error(fields: LogFields, sentence: string): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | Error | undefined>>;
