/** THE table of the dialects that the update client speaks. To add one, add a row. */

import { duckdns } from "./duckdns.ts";
import { dyndns2 } from "./dyndns2.ts";
import { nameward } from "./nameward.ts";
import { rfc2136 } from "./rfc2136.ts";
import type { Service } from "./service.ts";
import { settingMistake } from "./service-row.ts";
import type { ServiceRow, ServiceSettings, SettingMistake, Surroundings } from "./service-row.ts";
import { template } from "./template.ts";

/** By the word that the configuration uses: `service: dyndns2`. */
export const services = { dyndns2, nameward, duckdns, template, rfc2136 } as const satisfies Record<
  string,
  ServiceRow
>;

export type ServiceWord = keyof typeof services;

export function isServiceWord(text: string): text is ServiceWord {
  return Object.hasOwn(services, text);
}

/** The service, or every setting that is unknown, missing or cannot be used. */
export function makeService(
  word: ServiceWord,
  given: ServiceSettings,
  surroundings: Surroundings,
): Service | readonly SettingMistake[] {
  const row: ServiceRow = services[word];
  const mistakes = [
    ...Object.keys(given)
      .filter((name) => !Object.hasOwn(row.settings, name))
      .map((name) =>
        settingMistake(name, "a setting", `one of ${Object.keys(row.settings).join(", ")}`),
      ),
    ...Object.entries(row.settings)
      .filter(
        ([name, setting]) => setting.isRequired === true && (given[name]?.trim() ?? "") === "",
      )
      .map(([name, setting]) => settingMistake(name, "nothing", setting.doc)),
  ];
  if (mistakes.length > 0) return mistakes;
  const made = row.make(given, surroundings);
  return "kind" in made ? [made] : made;
}
