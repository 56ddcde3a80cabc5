/** The configuration: flags, then environment, then file, then defaults; all mistakes at once. */

import { findClashes } from "./clashes.ts";
import type { Given, GivenText } from "./given.ts";
import type { Mistake, Place } from "./mistake.ts";
import { quote } from "./mistake.ts";
import { findNearest } from "./nearest.ts";
import { flagOf, listMembersMax, optionNames, options, variableOf } from "./options.ts";
import type { Config, OptionName } from "./options.ts";
import { readConfigText } from "./config-text.ts";
import { readYamlSettings } from "./yaml-settings.ts";

/** Where each value came from. */
export type Origins = Readonly<Record<OptionName, Place>>;

export interface ConfigSources {
  /** By name of the setting; `config` is the file. */
  readonly flags: Readonly<Partial<Record<OptionName | "config", string>>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type ConfigReading =
  | {
      readonly kind: "config";
      readonly config: Config;
      readonly origins: Origins;
      /** The file that was read. */
      readonly file: string | undefined;
      /** What is likely not meant, and does no harm. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] };

/** Reads and checks. Creates no file and takes no port, so that a check of a running service is safe. */
export function readConfig(sources: ConfigSources): ConfigReading {
  const mistakes: Mistake[] = [];
  const file = chooseFile(sources, mistakes);
  const fromFile = file === undefined ? new Map<OptionName, Given>() : readFile(file, mistakes);
  const values = new Map<OptionName, unknown>();
  const givenBy = new Map<OptionName, Given>();
  const failed = new Set<OptionName>();
  for (const name of optionNames) {
    // A value that a stronger source overrides is still read: it may be wrong all the same.
    const candidates = [fromFlag(sources, name), fromVariable(sources, name), fromFile.get(name)];
    for (const given of candidates.filter((g) => g !== undefined)) {
      const value = parseGiven(name, given, mistakes);
      if (value === undefined) failed.add(name);
      if (givenBy.has(name)) continue;
      givenBy.set(name, given);
      values.set(name, value);
    }
  }
  if (mistakes.length > 0) return { kind: "mistakes", mistakes: inReadingOrder(mistakes) };
  for (const name of optionNames) {
    if (!givenBy.has(name)) values.set(name, parseFallback(name, String(values.get("data"))));
  }
  // Every name has a value of its row's type now: the rows made them all.
  const config = Object.fromEntries(values) as unknown as Config;
  const clashes = findClashes(config, givenBy);
  if (clashes.length > 0) return { kind: "mistakes", mistakes: clashes };
  const origins = Object.fromEntries(
    optionNames.map((name) => [name, givenBy.get(name)?.place ?? { kind: "default", name }]),
  ) as Origins;
  return { kind: "config", config, origins, file, warnings: findStrangers(sources.env) };
}

/** The file from top to bottom, then flags and environment. */
function inReadingOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  const rank = ({ place }: Mistake): readonly [line: number, column: number] =>
    place.kind === "file" ? [place.line, place.column] : [Infinity, 0];
  return mistakes.toSorted((a, b) => {
    const [[lineA, columnA], [lineB, columnB]] = [rank(a), rank(b)];
    return lineA === lineB ? columnA - columnB : lineA - lineB;
  });
}

function chooseFile(sources: ConfigSources, mistakes: Mistake[]): string | undefined {
  const flag = sources.flags.config;
  if (flag === "") {
    const place: Place = { kind: "flag", flag: "--config" };
    mistakes.push({ place, what: "--config has no value", fix: "wanted: a path" });
    return undefined;
  }
  return flag ?? (sources.env["NAMEWARD_CONFIG"] || undefined);
}

function readFile(file: string, mistakes: Mistake[]): ReadonlyMap<OptionName, Given> {
  const text = readConfigText(file, mistakes);
  if (text === undefined) return new Map();
  const read = readYamlSettings(file, text);
  mistakes.push(...read.mistakes);
  return read.given;
}

function fromFlag(sources: ConfigSources, name: OptionName): Given | undefined {
  const text = sources.flags[name];
  if (text === undefined) return undefined;
  return oneText(text, { kind: "flag", flag: flagOf(name) });
}

/** An empty variable is one that is not set: many tools cannot unset what they inherit. */
function fromVariable(sources: ConfigSources, name: OptionName): Given | undefined {
  const variable = variableOf(name);
  const text = sources.env[variable];
  return text ? oneText(text, { kind: "environment", variable }) : undefined;
}

function oneText(text: string, place: Place): Given {
  return { place, texts: [{ text, place }] };
}

/** The value, or `undefined` with a mistake for each text that is none. */
function parseGiven(name: OptionName, given: Given, mistakes: Mistake[]): unknown {
  const option = options[name];
  const texts = option.isList ? given.texts.flatMap(splitList) : given.texts;
  const before = mistakes.length;
  if (texts.length > listMembersMax) {
    const what = `${name} has more than ${listMembersMax} members`;
    mistakes.push({ place: given.place, what, fix: undefined });
    return undefined;
  }
  const values: unknown[] = [];
  for (const { text, place } of texts) {
    const value = option.parse(text);
    if (value === undefined) {
      const found = option.isSecret ? "what stands here" : quote(text);
      const what = `${found} is not a value of ${name}`;
      mistakes.push({
        place: option.isSecret ? withoutLine(place) : place,
        what,
        fix: `wanted: ${option.wants}`,
      });
    } else {
      values.push(value);
    }
  }
  if (mistakes.length > before) return undefined;
  return option.isList ? values : values[0];
}

/** A mistake is shown with the line it stands on, and a secret is not. */
function withoutLine(place: Place): Place {
  return place.kind === "file" ? { ...place, lineText: "[secret]", column: 1, length: 8 } : place;
}

function splitList(given: GivenText): readonly GivenText[] {
  if (given.text.trim() === "") return [];
  let at = 0;
  return given.text.split(",").map((part) => {
    const text = part.trim();
    const skipped = at + part.length - part.trimStart().length;
    at += part.length + 1;
    return { text, place: moved(given.place, skipped, text.length, given.text) };
  });
}

/** The place of a part, where the whole stands unquoted in one line of a file. */
function moved(place: Place, by: number, length: number, whole: string): Place {
  if (place.kind !== "file") return place;
  const at = place.lineText.indexOf(whole, place.column - 1);
  return at === -1 ? place : { ...place, column: at + 1 + by, length };
}

function parseFallback(name: OptionName, data: string): unknown {
  const option = options[name];
  const text = option.fallback.replace("{data}", () => data.replace(/\/+$/, ""));
  if (!option.isList) return option.parse(text);
  return text === "" ? [] : text.split(",").map((part) => option.parse(part));
}

/**
 * Variables that look like a slip. Only a warning: Kubernetes puts variables of its own beside ours
 * for a service that is called nameward.
 */
function findStrangers(env: ConfigSources["env"]): string[] {
  const known = ["NAMEWARD_CONFIG", ...optionNames.map(variableOf)];
  const warnings: string[] = [];
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith("NAMEWARD_") || known.includes(variable)) continue;
    const nearest = findNearest(variable, known);
    if (nearest === undefined) continue;
    warnings.push(`${quote(variable)} is not read; did you mean ${nearest}?`);
  }
  return warnings;
}
