/** A log for tests that look at what happens and not at what is said. */

import type { Log } from "../src/observe/log.ts";

export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
