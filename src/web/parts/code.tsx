/** Text to be taken as it is: lines for a registrar, a shell or a device, with a copy button. */

import type { JSX } from "preact";
import { CopyButton } from "./copy-button.tsx";

export function Code({
  text,
  what,
}: {
  readonly text: string;
  readonly what: string;
}): JSX.Element {
  return (
    <div class="code">
      <pre tabIndex={0}>{text}</pre>
      <CopyButton value={text} what={what} />
    </div>
  );
}

/** One value within a line. */
export function Value({
  text,
  what,
}: {
  readonly text: string;
  readonly what: string;
}): JSX.Element {
  return (
    <span class="value">
      <code>{text}</code> <CopyButton value={text} what={what} />
    </span>
  );
}
