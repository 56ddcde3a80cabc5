/** The configuration file: YAML text to settings, each text with the place where it stands. */

import { isMap, isScalar, isSeq } from "yaml";
import type { Document, ParsedNode, YAMLMap } from "yaml";

import type { FilePlace, Mistake } from "./mistake.ts";
import { quote } from "./mistake.ts";
import { findNearest } from "./nearest.ts";
import { listMembersMax, optionNames, options } from "./options.ts";
import type { OptionName } from "./options.ts";
import type { Given, GivenText } from "./given.ts";
import { describe, isPlainScalar, SourceText } from "./yaml-source.ts";

export interface YamlSettings {
  readonly given: ReadonlyMap<OptionName, Given>;
  readonly mistakes: readonly Mistake[];
}

/** `file` is only for messages. */
export function readYamlSettings(file: string, text: string): YamlSettings {
  const mistakes: Mistake[] = [];
  const given = new Map<OptionName, Given>();
  const source = new SourceText(file, text);
  const document = source.parse(mistakes);
  const contents = document === undefined ? undefined : topLevel(document, source, mistakes);
  if (contents !== undefined) readPairs(contents, source, given, mistakes);
  return { given, mistakes };
}

function topLevel(
  document: Document.Parsed<ParsedNode>,
  source: SourceText,
  mistakes: Mistake[],
): YAMLMap.Parsed | undefined {
  const contents = document.contents;
  if (contents === null) return undefined;
  if (isMap(contents)) return contents as YAMLMap.Parsed;
  if (isScalar(contents) && contents.value === "") return undefined; // only comments
  const what = `found ${describe(contents)} where settings are wanted`;
  mistakes.push({
    place: source.placeOf(contents),
    what,
    fix: "wanted: lines as `web: 127.0.0.1:8080`",
  });
  return undefined;
}

function readPairs(
  map: YAMLMap.Parsed,
  source: SourceText,
  given: Map<OptionName, Given>,
  mistakes: Mistake[],
): void {
  const seen = new Map<string, number>();
  for (const { key, value } of map.items) {
    const place = source.placeOf(key);
    const name = isScalar(key) && typeof key.value === "string" ? key.value : undefined;
    if (name === undefined) {
      mistakes.push({
        place,
        what: `found ${describe(key)} where the name of a setting is wanted`,
        fix: undefined,
      });
      continue;
    }
    const firstLine = seen.get(name);
    if (firstLine !== undefined) {
      mistakes.push({
        place,
        what: `${quote(name)} is set twice`,
        fix: `it was set in line ${firstLine}`,
      });
      continue;
    }
    seen.set(name, place.line);
    if (!isOptionName(name)) {
      mistakes.push({ place, what: `unknown setting ${quote(name)}`, fix: suggest(name) });
      continue;
    }
    const texts = readTexts(name, value, place, source, mistakes);
    if (texts !== undefined) given.set(name, { place, texts });
  }
}

function readTexts(
  name: OptionName,
  value: ParsedNode | null,
  keyPlace: FilePlace,
  source: SourceText,
  mistakes: Mistake[],
): readonly GivenText[] | undefined {
  const wants = `wanted: ${options[name].wants}`;
  if (value === null || (isScalar(value) && value.value === "" && value.source === "")) {
    mistakes.push({ place: keyPlace, what: `${name} has no value`, fix: wants });
    return undefined;
  }
  const texts: GivenText[] = [];
  const members = isSeq(value) && options[name].isList ? (value.items as ParsedNode[]) : [value];
  for (const member of members.slice(0, listMembersMax + 1)) {
    const text = isPlainScalar(member) ? member.value : undefined;
    if (text === undefined) {
      mistakes.push({
        place: source.placeOf(member),
        what: `${name} cannot be ${describe(member)}`,
        fix: wants,
      });
      return undefined;
    }
    texts.push({ text, place: source.placeOf(member) });
  }
  return texts;
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(options, name);
}

function suggest(name: string): string {
  if (name === "config") return "the file cannot name another one";
  const nearest = findNearest(name, optionNames);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  return "the settings are listed in docs/configuration.md and by nameward config print";
}
