/** The founding protocol, and what its devices really speak. */

import type { Rule } from "../rule.ts";
import { basic, founding, getOrPost, readOnly } from "./synonyms.ts";

export const mintRules: readonly Rule[] = [
  {
    id: "mint",
    match: { methods: getOrPost, paths: ["/nic/update/default.aspx", "/nic/update/default"] },
    operation: "update",
    mapping: founding,
    dialect: "mint",
  },
  {
    id: "mint-user",
    match: { methods: readOnly, paths: ["/client/usercheck"] },
    operation: "check-user",
    credential: basic,
    dialect: "mint-user",
  },
  {
    id: "mint-xml",
    match: { methods: readOnly, paths: ["/client/domlook"] },
    operation: "list-hosts",
    credential: basic,
    dialect: "mint-xml",
  },
];
