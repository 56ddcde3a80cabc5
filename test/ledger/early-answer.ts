/** The server with a fault, to see the ledger find it: changes are acknowledged before they are stored. */

import { systemClock } from "../../src/base/clock.ts";
import { command } from "../../src/cli/command.ts";
import { processIo } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";
import { optionNames } from "../../src/config/options.ts";
import { printBound } from "../../src/device-listeners.ts";
import { serve } from "../../src/serve.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { quietLog } from "../quiet-log.ts";

/** How long an acknowledged change is not yet on its way to the disk. */
const lateMs = 50;

const serveEarly = command({
  words: "serve",
  summary: "Run the service, and acknowledge changes before they are durable.",
  settings: optionNames,
  example: "early-answer serve --data /tmp/early",
  makesData: true,
  async run({ reading, io }) {
    const { config } = reading;
    const { store: url } = config;
    const store = await openStore({ url, thread: true, clock: systemClock, log: quietLog });
    await using service = await serve(config, { store: earlyAnswer(store) });
    const { web, devices, dns } = service;
    const where = [
      `web=${printBound(web)}`,
      `devices=${devices.devices.map(printBound).join(",")}`,
    ];
    io.stdout.write(`ready ${where.join(" ")} dns=${dns.map(printBound).join(",")}\n`);
    await new Promise<void>((resolve) => process.once("SIGTERM", () => resolve()));
    return { kind: "ran" };
  },
});

process.exitCode = await run(process.argv.slice(2), processIo(), [serveEarly]);

function earlyAnswer(store: Store): Store {
  const commit = store.commit.bind(store);
  store.commit = (changes, receipts) => {
    // What becomes of it is never heard of: that is the fault.
    setTimeout(() => void commit(changes, receipts).catch(() => undefined), lateMs);
    return Promise.resolve(changes.map(() => "applied"));
  };
  return store;
}
