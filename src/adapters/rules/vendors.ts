/** Services and devices with a path of their own, by what their clients prove themselves with. */

import type { Rule } from "../rule.ts";
import { vendorBasicRules } from "./vendors-basic.ts";
import { vendorQueryRules } from "./vendors-query.ts";
import { vendorSecretRules } from "./vendors-secret.ts";

export const vendorRules: readonly Rule[] = [
  ...vendorSecretRules,
  ...vendorQueryRules,
  ...vendorBasicRules,
];
