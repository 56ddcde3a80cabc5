/** The founding protocol, and what its devices really speak. */

import type { CredentialMapping, Rule } from "../rule.ts";
import { basic, founding, getOrPost, readOnly } from "./synonyms.ts";

/** The check of a login is also asked with `user` and `pass` in the query, by clients of the protocol that have no Basic. */
const basicOrQuery: CredentialMapping = [
  ...basic,
  { kind: "parameters", usernames: ["user", "username"], passwords: ["pass", "password"] },
];

export const mintRules: readonly Rule[] = [
  {
    id: "mint",
    match: { methods: getOrPost, paths: ["/nic/update/default.aspx", "/nic/update/default"] },
    operation: "update",
    mapping: founding,
    dialect: "mint",
  },
  {
    // What recorders send: Basic, and never an address.
    id: "mint-asp",
    match: { methods: getOrPost, paths: ["/client/update"], keys: ["host"] },
    operation: "update",
    mapping: {
      hosts: ["host"],
      addresses: [],
      offline: [],
      credential: basic,
      isAllOrNothing: true,
    },
    dialect: "mint-asp",
  },
  {
    id: "mint-user",
    match: { methods: readOnly, paths: ["/client/usercheck"] },
    operation: "check-user",
    credential: basicOrQuery,
    dialect: "mint-user",
  },
  {
    id: "mint-xml",
    match: { methods: readOnly, paths: ["/client/domlook"] },
    operation: "list-hosts",
    credential: basic,
    dialect: "mint-xml",
  },
  mintNum("mint-num-add", ["/add.aspx", "/add"]),
  mintNum("mint-num-update", ["/update.aspx"]), // without suffix the path has many meanings
  mintNum("mint-num-remove", ["/remove.aspx", "/remove"]),
];

/** MintAuto; the key of the device, in `mac`, is the only secret it has, and a query the only place where it sends one. */
function mintNum(
  dialect: "mint-num-add" | "mint-num-update" | "mint-num-remove",
  paths: readonly string[],
): Rule {
  return {
    id: dialect,
    match: { methods: getOrPost, paths, keys: ["mac"] },
    operation: "facade",
    dialect,
  };
}
