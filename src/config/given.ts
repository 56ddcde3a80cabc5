/** What was given for a setting, before anybody looked at what it means. */

import type { Place } from "./mistake.ts";

export interface GivenText {
  readonly text: string;
  readonly place: Place;
}

export interface Given {
  /** Of the setting as a whole. */
  readonly place: Place;
  /** One text; more only where the file has a sequence. */
  readonly texts: readonly GivenText[];
}
