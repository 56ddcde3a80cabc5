/** `nameward config print` */

import { printPlace } from "../config/mistake.ts";
import { optionNames } from "../config/options.ts";
import { jsonValue, printValue } from "../config/print-value.ts";
import { command } from "./command.ts";
import { printColumns } from "./print-columns.ts";

export const configPrint = command({
  words: "config print",
  summary: "Print every setting as it is in force.",
  flags: { origin: { doc: "Say where each value comes from." } },
  settings: optionNames,
  example: "nameward config print --origin --config /etc/nameward.yaml",
  run({ flags, reading }) {
    const { config, origins } = reading;
    const settings = optionNames.map((name) => {
      const place = origins[name];
      const origin = place.kind === "default" ? "default" : printPlace(place);
      return { name, value: jsonValue(config, name), text: printValue(config, name), origin };
    });
    const rows = settings.map(({ name, text, origin }) => {
      const shown = text === "" ? "-" : text;
      return flags.origin ? [name, shown, origin] : [name, shown];
    });
    const json = Object.fromEntries(
      settings.map(({ name, value, origin }) => [name, flags.origin ? { value, origin } : value]),
    );
    return { kind: "done", text: printColumns(rows), json };
  },
});
