/** The rule table. First match wins among the rules of a path, so the specific stands before the general. */

import type { Rule } from "./rule.ts";
import { dyndnsRules } from "./rules/dyndns.ts";
import { facadeRules } from "./rules/facades.ts";
import { mintRules } from "./rules/mint.ts";
import { rootRules } from "./rules/root.ts";
import { tokenRules } from "./rules/tokens.ts";
import { vendorRules } from "./rules/vendors.ts";

export const rules: readonly Rule[] = [
  ...mintRules,
  ...facadeRules,
  ...tokenRules,
  ...vendorRules,
  ...dyndnsRules,
  ...rootRules,
];
