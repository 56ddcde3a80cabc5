/** A rule for requests that no rule matched, as YAML to look through. */

import { updateDialects } from "../adapters/dialects.ts";
import { printYaml } from "../config/print-yaml.ts";
import type { UnmatchedShape } from "../core/stored-adapter.ts";
import type { Json } from "./command.ts";

export function proposeAdapter(shape: UnmatchedShape): {
  readonly text: string;
  readonly document: Json;
} {
  const { rule, request } = parseSample(shape);
  const document = { ...rule, requests: [request] };
  const head = [
    `# Proposed for ${shape.shape}, seen ${shape.requests} times or more`,
    "# Values were guessed by what they are, then by their names: check every line.",
    `# Dialects: ${Object.keys(updateDialects).join(", ")}`,
  ];
  return { text: `${head.join("\n")}\n${printYaml(document)}`, document };
}

/** What the learner wrote: printable, masked. */
export function parseSample({ sample }: Pick<UnmatchedShape, "sample">) {
  return JSON.parse(sample) as {
    readonly request: string;
    readonly rule: Readonly<Record<string, Json>>;
  };
}
