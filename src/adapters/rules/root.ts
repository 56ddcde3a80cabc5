/** What is my address, and what services have at `/`. */

import type { Match, Rule } from "../rule.ts";
import { hostKeys, readOnly } from "./synonyms.ts";

/** At `/` a request that carries any of these wants more than its address, and is not told one. */
const updateKeys = [...hostKeys, "myip", "myipv6", "fqdn", "token", "password"];

export const rootRules: readonly Rule[] = [
  {
    id: "checkip-plain",
    match: { methods: readOnly, paths: ["/ipcheck", "/ip", "/myip", "/text"] },
    operation: "detect-address",
    dialect: "checkip-plain",
  },
  plainAtRoot("checkip-plain-host", { hosts: ["myip*", "ip.*"] }),
  plainAtRoot("checkip-plain-accept", { headers: [{ name: "accept", value: "text/plain" }] }),
  {
    id: "checkip-html",
    match: { methods: readOnly, paths: ["/checkip", "/dynamic/check"] },
    operation: "detect-address",
    dialect: "checkip-html",
  },
  {
    // Dyn's check page, and what is left of TVT's probe once its glued version is cut off.
    id: "checkip-html-root",
    match: { methods: readOnly, paths: ["/"], absentKeys: updateKeys },
    operation: "detect-address",
    dialect: "checkip-html",
  },
];

function plainAtRoot(id: string, condition: Partial<Match>): Rule {
  return {
    id,
    match: { methods: readOnly, paths: ["/"], absentKeys: updateKeys, ...condition },
    operation: "detect-address",
    dialect: "checkip-plain",
  };
}
