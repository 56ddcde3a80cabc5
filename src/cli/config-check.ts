/** `nameward config check` */

import { printMistake } from "../config/mistake.ts";
import { optionNames } from "../config/options.ts";
import { readAdapterFiles } from "./adapter-document.ts";
import { command } from "./command.ts";

/** Mistakes end every command before it runs; what gets here is right. */
export const configCheck = command({
  words: "config check",
  summary: "Check flags, environment and file, and report all mistakes at once.",
  notes: ["It creates no file and takes no port."],
  settings: optionNames,
  example: "nameward config check --config /etc/nameward.yaml",
  run({ reading }) {
    const { file } = reading;
    const adapters = readAdapterFiles(reading.config.adapterFiles);
    if ("mistakes" in adapters) {
      const details = adapters.mistakes.map(printMistake);
      return { kind: "refused", why: "A file with a rule has mistakes.", details };
    }
    const text =
      file === undefined
        ? "The configuration is right; no file was read.\n"
        : `${file} is right.\n`;
    return { kind: "done", text, json: { ok: true, file: file ?? null } };
  },
});
