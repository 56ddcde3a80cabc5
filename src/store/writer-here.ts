/** The writer in this thread: for the command line, which has nothing else to do meanwhile. */

import { runOperation } from "./operations.ts";
import type { OperationResult, WriterLink } from "./operations.ts";
import type { Writer } from "./writer.ts";

export function linkWriterHere(writer: Writer): WriterLink {
  return {
    // `async`, so that what is thrown becomes a rejection, as from a thread.
    ask: async (name, ...values) =>
      runOperation(writer, name, values) as OperationResult<typeof name>,
    end: () => undefined,
  };
}
