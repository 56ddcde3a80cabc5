/** Values of settings as text. */

import { options } from "./options.ts";
import type { Config, OptionName } from "./options.ts";

/** As it could be written in a flag; a list with commas. Reading it again gives the same value. */
export function printValue(config: Config, name: OptionName): string {
  const value = config[name];
  if (options[name].isSecret) return printSecret(value);
  return Array.isArray(value) ? value.map(printOne).join(",") : printOne(value);
}

/** As JSON: numbers as numbers, lists as lists. */
export function jsonValue(config: Config, name: OptionName): string | number | readonly string[] {
  const value = config[name];
  if (options[name].isSecret) return printSecret(value);
  if (Array.isArray(value)) return value.map(printOne);
  return typeof value === "number" ? value : printOne(value);
}

/** That there is none is no secret. */
function printSecret(value: unknown): string {
  return value === "" ? "" : "[secret]";
}

function printOne(value: unknown): string {
  if (typeof value === "object" && value !== null && "text" in value) return String(value.text);
  return String(value);
}
