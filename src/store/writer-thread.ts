/** The writer's thread: does one thing after the other, and may wait for the disk as long as it takes. */

import { systemClock } from "../base/clock.ts";
import type { Log } from "../observe/log.ts";
import { printFailure } from "./failure.ts";
import { runOperation } from "./operations.ts";
import { Writer } from "./writer.ts";
import type { FromWriter, ToWriter } from "./writer-message.ts";

declare const self: Worker;

let writer: Writer | undefined;

self.onmessage = ({ data }: MessageEvent<ToWriter>): void => {
  if (data.kind === "open") open(data.path, data.id);
  else answer(data.call, () => runOperation(writer!, data.name, data.values));
};

function say(message: FromWriter): void {
  self.postMessage(message);
}

function open(path: string, id: number): void {
  try {
    writer = new Writer(path, id, systemClock, threadLog, {
      tell: (facts) => say({ kind: "facts", facts }),
      report: (report) => say({ kind: "report", report }),
    });
    say({ kind: "opened" });
  } catch (error) {
    say({ kind: "not-opened", why: printFailure(error) });
  }
}

function answer(call: number, run: () => unknown): void {
  try {
    const value = run();
    say({ kind: "result", call, value });
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    say({ kind: "failed", call, why: printFailure(error), cause: printFailure(cause) });
  }
}

/** Only the program itself writes logs. */
const threadLog: Log = {
  debug: (fields, sentence) => say({ kind: "log", level: "debug", fields, sentence }),
  info: (fields, sentence) => say({ kind: "log", level: "info", fields, sentence }),
  warn: (fields, sentence) => say({ kind: "log", level: "warn", fields, sentence }),
  error: (fields, sentence) => say({ kind: "log", level: "error", fields, sentence }),
};
