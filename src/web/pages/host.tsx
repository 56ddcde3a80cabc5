/** Comes next. */

import type { JSX } from "preact";

export function HostPage(): JSX.Element | null {
  return null;
}
