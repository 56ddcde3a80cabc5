/** Paths with `{segments}`: what a rule says of them, compiled, and what a request's path holds at their places. */

import type { Parameter } from "./parameters.ts";

export interface PathPattern {
  readonly parts: readonly Part[];
  /** `{rest*}`: takes the segments behind `parts`, one at least. */
  readonly rest: string | undefined;
}

/** A text that must stand there, lower case, or the key under which what stands there is kept, with its braces. */
type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "any"; readonly key: string };

/** Undefined: a path like any other. */
export function parsePathPattern(path: string): PathPattern | undefined {
  if (!path.includes("{")) return undefined;
  const segments = path.split("/").slice(1);
  const rest = restPattern.exec(segments.at(-1) ?? "")?.[1];
  if (rest !== undefined) segments.pop();
  return {
    parts: segments.map((segment) =>
      anyPattern.test(segment) ? { kind: "any", key: segment } : { kind: "text", text: segment },
    ),
    rest: rest === undefined ? undefined : `{${rest}}`,
  };
}

/** The text that a path must begin with to fit; undefined when anything may stand there. */
export function firstText(pattern: PathPattern): string | undefined {
  const first = pattern.parts[0];
  return first?.kind === "text" ? first.text : undefined;
}

/** What stands at the places, in their order; undefined when the path does not fit. */
export function readSegments(
  pattern: PathPattern,
  segments: readonly string[],
): readonly Parameter[] | undefined {
  const { parts, rest } = pattern;
  const behind = segments.length - parts.length;
  if (rest === undefined ? behind !== 0 : behind < 1) return undefined;
  const found: Parameter[] = [];
  for (const [at, part] of parts.entries()) {
    const segment = segments[at]!;
    if (part.kind === "any") found.push(makeParameter(part.key, segment));
    else if (segment.toLowerCase() !== part.text) return undefined;
  }
  if (rest !== undefined) found.push(makeParameter(rest, segments.slice(parts.length).join("/")));
  return found;
}

/** With `=` in its raw form, as every pair has that is not FreeDNS' bare token. */
function makeParameter(key: string, value: string): Parameter {
  return { key, value, raw: `${key}=${value}` };
}

const anyPattern = /^\{[a-z0-9_-]+\}$/;
const restPattern = /^\{([a-z0-9_-]+)\*\}$/;
