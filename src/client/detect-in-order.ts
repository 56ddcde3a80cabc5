/** Several sources as one: the first that has an address is believed. */

import type { Source } from "./detect/source.ts";

/** `undefined` for none at all. */
export function inOrder(sources: readonly Source[]): Source | undefined {
  const [first] = sources;
  if (first === undefined || sources.length === 1) return first;
  return {
    name: `the first of ${sources.map((source) => source.name).join(", ")}`,
    async detect(family, signal) {
      const whys: string[] = [];
      let hasFailed = false;
      for (const source of sources) {
        const detected = await source.detect(family, signal);
        if (detected.kind === "address") return detected;
        hasFailed ||= detected.kind === "failed";
        whys.push(`${source.name}: ${detected.why}`);
      }
      return { kind: hasFailed ? "failed" : "none", why: whys.join("; ") };
    },
  };
}
