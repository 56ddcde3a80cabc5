/** Writes docs/configuration.md from the table of settings; with --check fails when it is not up to date. */

import { flagOf, optionNames, options, variableOf } from "../src/config/options.ts";
import type { OptionName } from "../src/config/options.ts";

const path = new URL("../docs/configuration.md", import.meta.url);

const head = `# Configuration

<!-- Generated from src/config/options.ts by tools/configuration-doc.ts. Change the table, not this page. -->

Every setting has a flag, an environment variable and a line in a YAML file. A flag wins over the
environment, the environment over the file, and the file over the default. The file is named with
\`--config FILE\` or \`NAMEWARD_CONFIG\`; without either none is read.

\`\`\`yaml
data: /var/lib/nameward
devices: [0.0.0.0:80, 0.0.0.0:8245, "[::]:80", "[::]:8245"]
dns: 0.0.0.0:53, [::]:53
hostTtlSeconds: 30
\`\`\`

A list is written with commas, or in the file as a YAML sequence; an address in brackets inside a
sequence needs quotes. A relative path is taken from the folder in which the program is started.

\`nameward config check\` reads everything and reports all mistakes at once, each with file, line and
column, what was found and what is wanted. It creates no file and takes no port. Exit code 2 stands
for a mistake. \`nameward config print --origin\` shows what is in force, and where each value comes from.
`;

function printOption(name: OptionName): string {
  const option = options[name];
  const fallback = option.fallback === "" ? "none" : `\`${option.fallback}\``;
  return [
    `## ${name}`,
    "",
    option.doc,
    "",
    `- wanted: ${option.isList ? "a list; each member " : ""}${option.wants}`,
    `- default: ${fallback}`,
    `- flag: \`${flagOf(name)} ${option.placeholder}\``,
    `- environment: \`${variableOf(name)}\``,
    "",
  ].join("\n");
}

const page = `${head}\n${optionNames.map(printOption).join("\n")}`;

if (process.argv.includes("--check")) {
  const written = await Bun.file(path)
    .text()
    .catch(() => "");
  if (written !== page) {
    console.error("docs/configuration.md is not up to date: run bun tools/configuration-doc.ts");
    process.exitCode = 1;
  }
} else {
  await Bun.write(path, page);
}
