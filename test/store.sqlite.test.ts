/** The store contract on SQLite: as a server opens it, and as a command does. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/base/clock.ts";
import { openStore } from "../src/store/open-store.ts";
import { quietLog } from "./quiet-log.ts";
import { storeContract } from "./store.contract.ts";
import type { StorePlace } from "./store.contract.ts";

for (const thread of [true, false]) {
  storeContract(
    `SQLite, ${thread ? "in a thread" : "in process"}`,
    async (): Promise<StorePlace> => {
      const folder = mkdtempSync(join(tmpdir(), "nameward-store-"));
      const options = { url: join(folder, "nameward.db"), clock: systemClock, log: quietLog };
      return {
        openServer: () => openStore({ ...options, thread }),
        openBeside: () => openStore({ ...options, thread: false }),
        [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
      };
    },
  );
}
