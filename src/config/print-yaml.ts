/** Plain data as YAML, for people to read and change; what cannot be printed is escaped. */

import { stringify } from "yaml";

/** Lines of text keep their ends; nothing is folded. */
export function printYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, blockQuote: "literal" });
}
