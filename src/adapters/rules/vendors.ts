/** Services and devices with a path of their own. */

import type { Rule } from "../rule.ts";

export const vendorRules: readonly Rule[] = [];
