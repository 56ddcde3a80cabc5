/** Comes next. */

import type { JSX } from "preact";

export function GuidesPage(): JSX.Element | null {
  return null;
}
