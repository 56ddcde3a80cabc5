/** `nameward client --help`, from the tables of commands, settings, services and sources. */

import { clientCommands } from "./command-line.ts";
import { clientVariableOf, profileSettings, wholeSettings } from "./client-settings.ts";
import { sourceRows } from "./detect/sources.ts";
import type { ServiceRow } from "./speak/service-row.ts";
import { services } from "./speak/services.ts";

export function printClientHelp(): string {
  const rows = [...Object.entries(wholeSettings), ...Object.entries(profileSettings)];
  const dialects = Object.entries(services).flatMap(([word, row]: [string, ServiceRow]) => [
    `  ${word}: ${row.doc}`,
    ...Object.entries(row.settings).map(([name, setting]) => {
      const how = setting.isSecret === true ? `${name}-file, ${name}-env` : name;
      const fallback = setting.fallback === undefined ? "" : ` (${setting.fallback})`;
      return `    --${how}${setting.isRequired === true ? "" : "?"}  ${setting.doc}${fallback}`;
    }),
  ]);
  return `${[
    "nameward client COMMAND [--config FILE] [--json]",
    "",
    ...Object.entries(clientCommands).map(([word, doc]) => `  ${word.padEnd(10)} ${doc}`),
    "",
    `Settings: a flag, a variable as ${clientVariableOf("resend-after")}, or a line of the file.`,
    ...rows.map(([name, row]) => `  --${name} ${row.placeholder}  ${row.doc}`),
    "",
    "Sources of an address:",
    ...Object.entries(sourceRows).map(([word, row]) => `  ${word} ${row.wants}  ${row.doc}`),
    "",
    "Services and their settings; a question mark: may be left out:",
    ...dialects,
    "",
    "Exit codes: 0 done, 1 failed and worth another try, 2 wrong usage or configuration, 3 refused by a service.",
  ].join("\n")}\n`;
}
