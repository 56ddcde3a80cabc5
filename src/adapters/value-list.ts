/** Values of parameters: which of several counts, and the entries of a list with commas. */

import type { Parameter } from "./parameters.ts";
import { trimSpaces } from "./spaces.ts";

/**
 * Of the keys the first with a value; of its values the last that is valid, else the last: USG and EdgeOS append a
 * second query to the first, and only one of the two was filled in.
 */
export function chooseValue<Value>(
  parameters: readonly Parameter[],
  keys: readonly string[],
  read: (text: string) => Value | undefined,
  isValid: (value: Value) => boolean,
): Value | undefined {
  for (const key of keys) {
    let chosen: Value | undefined;
    for (const parameter of parameters) {
      if (parameter.key !== key) continue;
      const value = read(parameter.value);
      if (value === undefined) continue;
      if (chosen !== undefined && isValid(chosen) && !isValid(value)) continue;
      chosen = value;
    }
    if (chosen !== undefined) return chosen;
  }
  return undefined;
}

/** Empty entries are left out: `a.test,,`. */
export function splitList(value: string): readonly string[] {
  if (!value.includes(",")) return value === "" ? [] : [value]; // a value has no spaces around it
  return value
    .split(",")
    .map(trimSpaces)
    .filter((entry) => entry !== "");
}
