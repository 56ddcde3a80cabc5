/** `nameward version` */

import packageFile from "../../package.json" with { type: "json" };
import { command } from "./command.ts";

export const version = command({
  words: "version",
  summary: "Print the version.",
  example: "nameward version --json",
  run: () => ({
    kind: "done",
    text: `nameward ${packageFile.version} (Bun ${Bun.version})\n`,
    json: { version: packageFile.version, bun: Bun.version },
  }),
});
