/** Recovery codes, which the service tells once. */

import type { JSX } from "preact";
import { texts } from "../texts.ts";
import { Code } from "./code.tsx";
import { ShownOnce } from "./shown-once.tsx";

export function RecoveryCodes({
  codes,
}: {
  readonly codes: readonly string[];
}): JSX.Element | null {
  if (codes.length === 0) return null;
  return (
    <ShownOnce title={texts.account.recovery} key={codes[0]}>
      <Code text={codes.join("\n")} what={texts.account.codes} />
    </ShownOnce>
  );
}
