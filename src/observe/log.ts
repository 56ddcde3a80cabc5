/** Structured logs: one JSON object a line on standard error, or short lines on a terminal. */

import { isatty } from "node:tty";
import { pino } from "pino";

import { openLogSink } from "./log-sink.ts";
import { cleanText, describeError, stackOf } from "./log-text.ts";

/** What parts of the program write to. Fields first, then a constant sentence. */
export interface Log {
  debug(fields: LogFields, sentence: string): void;
  info(fields: LogFields, sentence: string): void;
  warn(fields: LogFields, sentence: string): void;
  error(fields: LogFields, sentence: string): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | Error | undefined>>;

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

export interface OpenLog extends Log, Disposable {
  /** Lines that nobody read in time. */
  readonly dropped: number;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** `auto`: text when `fd` is a terminal, JSON otherwise. */
  readonly format: "auto" | "json" | "text";
  /** 2 is standard error. */
  readonly fd: number;
}

/** Never waits for the reader and never throws: logging must not be a way to stop the service. */
export function openLog(options: LogOptions): OpenLog {
  const sink = openLogSink(options.fd);
  const write = (line: string): void => sink.write(line);
  const isText = options.format === "text" || (options.format === "auto" && isatty(options.fd));
  const printed = isText ? makeTextLog(options.level, write) : makeJsonLog(options.level, write);
  return {
    ...printed,
    get dropped() {
      return sink.dropped;
    },
    [Symbol.dispose]: () => sink[Symbol.dispose](),
  };
}

type Write = (line: string) => void;

function makeJsonLog(level: LogLevel, write: Write): Log {
  const logger = pino(
    {
      level,
      base: null, // who writes the line is known to whoever collects it
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return makeLog((lineLevel, fields, sentence) => {
    if (logger.isLevelEnabled(lineLevel)) logger[lineLevel](cleanFields(fields), sentence);
  });
}

/** `10:22:31 warn  The store is full  path=/srv/nameward.db`, for people. */
export function makeTextLog(level: LogLevel, write: Write): Log {
  const least = logLevels.indexOf(level);
  return makeLog((lineLevel, fields, sentence) => {
    if (logLevels.indexOf(lineLevel) < least) return;
    const pairs = Object.entries(cleanFields(fields)).map(([key, value]) =>
      typeof value === "string" && /[\s"=]|^$/.test(value)
        ? `${key}=${JSON.stringify(value)}`
        : `${key}=${value}`,
    );
    const time = new Date().toTimeString().slice(0, 8);
    write(`${[`${time} ${lineLevel.padEnd(5)} ${sentence}`, ...pairs].join("  ")}\n`);
  });
}

function makeLog(line: (level: LogLevel, fields: LogFields, sentence: string) => void): Log {
  return {
    debug: (fields, sentence) => line("debug", fields, sentence),
    info: (fields, sentence) => line("info", fields, sentence),
    warn: (fields, sentence) => line("warn", fields, sentence),
    error: (fields, sentence) => line("error", fields, sentence),
  };
}

/** Keys that pino writes itself: a second one of the same name would hide it from some readers. */
const taken: ReadonlySet<string> = new Set(["level", "time", "msg"]);

function cleanFields(fields: LogFields): Record<string, string | number | boolean> {
  const clean: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    const key = taken.has(name) ? `${name}_` : name;
    if (value === undefined) continue;
    if (value instanceof Error) {
      clean[key] = describeError(value);
      const stack = stackOf(value);
      if (stack !== "") clean[`${key}Stack`] = stack;
    } else {
      clean[key] = typeof value === "string" ? cleanText(value) : value;
    }
  }
  return clean;
}
