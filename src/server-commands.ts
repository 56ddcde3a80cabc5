/** The commands that run a service, beside those of the command line. */

import { adapterTest } from "./adapter-test.ts";
import { command } from "./cli/command.ts";
import type { Command } from "./cli/command.ts";
import { optionNames } from "./config/options.ts";
import { serve } from "./serve.ts";
import { deviceListenerNames, printBound } from "./device-listeners.ts";
import { tryOut } from "./try.ts";

const serveCommand = command({
  words: "serve",
  summary: "Run the service until it is told to stop.",
  settings: optionNames,
  notes: [
    "Prints a line that begins with `ready` on standard output when every listener is up.",
    "Logs go to standard error. SIGTERM and SIGINT stop it in order.",
  ],
  example:
    "nameward serve --data /var/lib/nameward --devices 0.0.0.0:80,0.0.0.0:8245 --dns 0.0.0.0:53",
  makesData: true,
  async run({ reading, io }) {
    const stop = stopSignal();
    await using service = await serve(reading.config, {}, { origins: reading.origins });
    const words = (["web", "webTls", ...deviceListenerNames, "dns"] as const).flatMap((name) => {
      const bound =
        name === "web"
          ? [service.web]
          : name === "webTls" || name === "dns"
            ? service[name]
            : service.devices[name];
      return bound.length === 0 ? [] : [`${name}=${bound.map(printBound).join(",")}`];
    });
    io.stdout.write(`ready ${words.join(" ")}\n`);
    try {
      const link = await service.openSetupLink();
      if (link !== undefined) {
        io.stdout.write(`Make the first account (valid 24 hours, once):  ${link}\n`);
      }
    } catch {
      // The store says in the log what is wrong with it; devices and DNS are served meanwhile.
      io.stderr.write("No set-up link could be made; nameward setup-link makes one.\n");
    }
    await stop;
    return { kind: "ran" };
  },
});

const tryCommand = command({
  words: "try",
  summary: "Run a throw-away service with a few sample devices, to see how it works.",
  settings: ["web", "devices", "dns"],
  notes: ["Needs no root and no configuration, and leaves nothing behind."],
  example: "nameward try",
  makesData: true,
  async run({ reading, io }) {
    await tryOut(reading.config, (text) => io.stdout.write(text), stopSignal());
    return { kind: "ran" };
  },
});

/** A line of help; `main.ts` hands everything that begins with this word to the update client. */
const clientCommand = command({
  words: "client",
  summary: "Keep the names of this machine up to date, at any service: the update client.",
  notes: ["nameward client --help lists its commands and settings. It needs no data folder."],
  example: "nameward client run --config /etc/nameward/client.yaml",
  run: () => ({
    kind: "wrong-use",
    why: "The update client has a word of its own.",
    fix: "nameward client --help",
  }),
});

export const serverCommands: readonly Command[] = [
  serveCommand,
  tryCommand,
  adapterTest,
  clientCommand,
];

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
