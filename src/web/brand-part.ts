/** What each part of the brand page is given. */

import type { Setting } from "./settings.ts";

export interface BrandPartProps {
  readonly settings: readonly Setting[];
  /** Saves settings and shows the pages as they are now. Null: ours again. */
  save(changes: Record<string, string | null>): Promise<void>;
}
