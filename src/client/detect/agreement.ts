/** Two sources that have to say the same, for who does not want to trust one. */

import { failed } from "./judge.ts";
import type { Detected, Source } from "./source.ts";

export function makeAgreement(one: Source, other: Source): Source {
  return {
    name: `both ${one.name} and ${other.name}`,
    detect: async (family, signal) => {
      const [a, b] = await Promise.all([one.detect(family, signal), other.detect(family, signal)]);
      if (a.kind === "failed") return failed(`${one.name}: ${a.why}`);
      if (b.kind === "failed") return failed(`${other.name}: ${b.why}`);
      if (said(a) === said(b)) return a;
      return failed(`${one.name} says ${said(a)}, ${other.name} says ${said(b)}`);
    },
  };
}

function said(detected: Exclude<Detected, { kind: "failed" }>): string {
  return detected.kind === "address" ? detected.address.text : "that there is none";
}
