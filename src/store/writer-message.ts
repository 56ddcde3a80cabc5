/** What goes between the program and the writer's thread. */

import type { Fact } from "../core/fact.ts";
import type { Log, LogFields } from "../observe/log.ts";
import type { OperationName } from "./operations.ts";
import type { WriterReport } from "./writer.ts";

/** First what to open, then what to do, one after the other. */
export type ToWriter =
  | { readonly kind: "open"; readonly path: string; readonly id: number }
  | {
      readonly kind: "ask";
      readonly call: number;
      readonly name: OperationName;
      readonly values: readonly unknown[];
    };

/** Facts come before the result of the operation that they were written before. */
export type FromWriter =
  | { readonly kind: "opened" }
  | { readonly kind: "not-opened"; readonly why: string }
  | { readonly kind: "result"; readonly call: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly call: number; readonly why: string; readonly cause: string }
  | { readonly kind: "facts"; readonly facts: readonly Fact[] }
  | { readonly kind: "report"; readonly report: WriterReport }
  | {
      readonly kind: "log";
      readonly level: keyof Log;
      readonly fields: LogFields;
      readonly sentence: string;
    };
