/** A YAML file of any depth: maps, lists and texts, each with the place where it stands. */

import { isMap, isSeq } from "yaml";
import type { ParsedNode } from "yaml";

import type { FilePlace, Mistake } from "./mistake.ts";
import { quote } from "./mistake.ts";
import { describe, isPlainScalar, SourceText } from "./yaml-source.ts";

export type YamlTree =
  | { readonly kind: "text"; readonly text: string; readonly place: FilePlace }
  | { readonly kind: "list"; readonly items: readonly YamlTree[]; readonly place: FilePlace }
  | { readonly kind: "map"; readonly pairs: readonly YamlPair[]; readonly place: FilePlace };

export interface YamlPair {
  readonly name: string;
  readonly namePlace: FilePlace;
  readonly value: YamlTree;
}

/** Levels of maps and lists; a configuration has four. */
const depthMax = 8;

/** The tree, or `undefined` with the mistakes. Tags, anchors and aliases are refused. */
export function readYamlTree(
  file: string,
  text: string,
  mistakes: Mistake[],
): YamlTree | undefined {
  const source = new SourceText(file, text);
  const before = mistakes.length;
  const contents = source.parse(mistakes)?.contents;
  if (contents === undefined || contents === null) {
    const whole: FilePlace = { kind: "file", file, line: 0, column: 0, lineText: "", length: 0 };
    if (mistakes.length === before) {
      mistakes.push({ place: whole, what: "the file is empty", fix: undefined });
    }
    return undefined;
  }
  const tree = readNode(contents, source, mistakes, 0);
  return mistakes.length > before ? undefined : tree;
}

function readNode(
  node: ParsedNode,
  source: SourceText,
  mistakes: Mistake[],
  depth: number,
): YamlTree | undefined {
  const place = source.placeOf(node);
  if (isPlainScalar(node)) return { kind: "text", text: node.value, place };
  if (depth === depthMax || node.anchor !== undefined || node.tag !== undefined) {
    mistakes.push({ place, what: `found ${describe(node)} where none is wanted`, fix: undefined });
    return undefined;
  }
  if (isSeq(node)) {
    const items = (node.items as ParsedNode[]).map((item) =>
      readNode(item, source, mistakes, depth + 1),
    );
    return { kind: "list", items: items.filter((item) => item !== undefined), place };
  }
  if (!isMap(node)) {
    mistakes.push({
      place,
      what: `found ${describe(node)} where a value is wanted`,
      fix: undefined,
    });
    return undefined;
  }
  const pairs = new Map<string, YamlPair>();
  for (const { key, value } of node.items as { key: ParsedNode; value: ParsedNode | null }[]) {
    const namePlace = source.placeOf(key);
    const name = isPlainScalar(key) ? key.value : undefined;
    const first = name === undefined ? undefined : pairs.get(name);
    if (name === undefined) {
      mistakes.push({
        place: namePlace,
        what: `found ${describe(key)} where a name is wanted`,
        fix: undefined,
      });
    } else if (first !== undefined) {
      const fix = `it was set in line ${first.namePlace.line}`;
      mistakes.push({ place: namePlace, what: `${quote(name)} is set twice`, fix });
    } else if (value === null) {
      mistakes.push({ place: namePlace, what: `${quote(name)} has no value`, fix: undefined });
    } else {
      const tree = readNode(value, source, mistakes, depth + 1);
      if (tree !== undefined) pairs.set(name, { name, namePlace, value: tree });
    }
  }
  return { kind: "map", pairs: [...pairs.values()], place };
}
