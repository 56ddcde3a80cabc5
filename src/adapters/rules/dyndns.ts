/** The path of Dyn and of those who took it over. */

import type { Rule } from "../rule.ts";
import { founding, getOrPost } from "./synonyms.ts";

export const dyndnsRules: readonly Rule[] = [
  {
    id: "dyndns",
    match: {
      methods: getOrPost,
      paths: ["/nic/update", "/v2/update", "/v3/update", "/dyndns/update"],
    },
    operation: "update",
    mapping: founding,
    dialect: "dyndns",
  },
];
