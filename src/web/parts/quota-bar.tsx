/** How much of a limit is used: as numbers, and as a bar where there is a limit to speak of. */

import type { JSX } from "preact";
import { texts } from "../texts.ts";

/** What the service says for none. */
const noLimit = 1_000_000;

export function QuotaBar({
  what,
  used,
  most,
}: {
  readonly what: keyof typeof texts.users.kinds;
  readonly used: number;
  readonly most: number;
}): JSX.Element {
  const noun = texts.users.kinds[what];
  if (most >= noLimit) return <span>{texts.users.unlimited(used, noun)}</span>;
  const text = texts.users.of(used, most, noun);
  return (
    <span class="quota">
      <meter
        aria-label={text}
        min={0}
        max={Math.max(1, most)}
        high={Math.max(1, most) * 0.9}
        value={Math.min(used, Math.max(1, most))}
      />
      <span>{text}</span>
    </span>
  );
}
