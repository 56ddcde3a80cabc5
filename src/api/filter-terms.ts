/** Filters as people type them: words, and `key:text`, each with `-` for not. */

export interface FilterTerm<Key extends string> {
  /** Undefined: a word. */
  readonly key: Key | undefined;
  /** Lower case. */
  readonly text: string;
  /** As it was typed, for what tells letters apart. */
  readonly typed: string;
  readonly isNot: boolean;
}

/** A key that is none is a part of a word. */
export function parseTerms<Key extends string>(
  text: string,
  keys: readonly Key[],
): readonly FilterTerm<Key>[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== "" && word !== "-")
    .map((word) => {
      const isNot = word.startsWith("-");
      const rest = isNot ? word.slice(1) : word;
      const colon = rest.indexOf(":");
      const name = rest.slice(0, Math.max(colon, 0)).toLowerCase();
      const key = keys.find((one) => one === name);
      const typed = key === undefined ? rest : rest.slice(colon + 1);
      return { key, text: typed.toLowerCase(), typed, isNot };
    });
}
