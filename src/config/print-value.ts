/** Values of settings as text. */

import { options } from "./options.ts";
import type { Config, OptionName } from "./options.ts";

/** As it could be written in a flag; a list with commas. Reading it again gives the same value. */
export function printValue(config: Config, name: OptionName): string {
  if (options[name].isSecret) return "[secret]";
  const value = config[name];
  return Array.isArray(value) ? value.map(printOne).join(",") : printOne(value);
}

/** As JSON: numbers as numbers, lists as lists. */
export function jsonValue(config: Config, name: OptionName): string | number | readonly string[] {
  if (options[name].isSecret) return "[secret]";
  const value = config[name];
  if (Array.isArray(value)) return value.map(printOne);
  return typeof value === "number" ? value : printOne(value);
}

function printOne(value: unknown): string {
  if (typeof value === "object" && value !== null && "text" in value) return String(value.text);
  return String(value);
}
