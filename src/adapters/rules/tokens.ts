/** Services with a token or a query of their own: DuckDNS, FreeDNS, dynv6 and their like. */

import type { Rule } from "../rule.ts";

export const tokenRules: readonly Rule[] = [];
