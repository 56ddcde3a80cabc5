/** Mistakes of a rule as the API tells them, `rule:LINE:COLUMN: what`, and where in the text that is. */

export interface RuleMistake {
  /** From 1; undefined: of the rule as a whole. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly says: string;
}

export function parseRuleMistake(detail: string): RuleMistake {
  const found = /^rule(?::(\d+):(\d+))?: ([^]*)$/.exec(detail);
  if (found === null) return { line: undefined, column: undefined, says: detail };
  const [, line, column, says = ""] = found;
  const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  return { line: numberOf(line), column: numberOf(column), says };
}

interface Told {
  readonly problem: {
    readonly errors?: readonly { readonly pointer: string; readonly detail: string }[] | undefined;
  };
}

/** None: the trouble is another. */
export function mistakesOf(trouble: Told | undefined): readonly RuleMistake[] {
  const errors = trouble?.problem.errors ?? [];
  return errors
    .filter(({ pointer }) => pointer === "/rule")
    .map(({ detail }) => parseRuleMistake(detail));
}

/** From where to where the line stands in the text. */
export function spanOfLine(text: string, line: number): readonly [number, number] {
  const before = text.split("\n").slice(0, line);
  const end = before.join("\n").length;
  return [end - (before[line - 1] ?? "").length, end];
}
