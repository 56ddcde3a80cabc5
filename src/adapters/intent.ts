/** What a request would ask for under a rule, without asking for it: for trials, checks and the operator's eye. */

import { cleanText } from "../observe/log-text.ts";
import type { Credential } from "../core/login.ts";
import type { Presented } from "./credential.ts";
import { findCredential } from "./find-credential.ts";
import type { Parameter } from "./parameters.ts";
import type { Rule } from "./rule.ts";
import { mapUpdate } from "./update-mapping.ts";
import type { Mapped } from "./update-mapping.ts";

export interface Intent {
  readonly operation: Rule["operation"];
  /** Undefined where the rule does not update. */
  readonly update: Mapped | undefined;
  readonly credential: Presented;
}

export function readIntent(
  rule: Rule,
  headers: ReadonlyMap<string, string>,
  parameters: readonly Parameter[],
): Intent {
  const { operation } = rule;
  switch (operation) {
    case "update": {
      const credential = findCredential(headers, rule.mapping.credential, parameters);
      return { operation, update: mapUpdate(parameters, rule.mapping), credential };
    }
    case "check-user":
    case "list-hosts": {
      const credential = findCredential(headers, rule.credential, parameters);
      return { operation, update: undefined, credential };
    }
    case "detect-address":
    case "facade":
      return { operation, update: undefined, credential: { kind: "absent" } };
  }
}

/** Whether the rule finds anything in the request that it could act on. */
export function hasSubstance({ operation, update, credential }: Intent): boolean {
  if (operation === "detect-address" || credential.kind === "credential") return true;
  if (update?.kind !== "mapped") return false;
  return update.hosts.length + update.addresses.length > 0 || update.prefix !== undefined;
}

/** One line, fit for a log and a terminal. No secret is in it. */
export function printIntent({ operation, update, credential }: Intent): string {
  const words = operation === "update" ? printUpdate(update) : operationWords[operation];
  return cleanText(`${words}, ${printCredential(credential)}`);
}

const operationWords = {
  "check-user": "check a user",
  "list-hosts": "list hosts",
  "detect-address": "tell the address",
  facade: "answer in a dialect of its own",
} as const;

function printUpdate(update: Mapped | undefined): string {
  if (update?.kind !== "mapped") return "refuse: too many addresses";
  const hosts = update.hosts.join(",") || "the host of the login";
  if (update.challenge !== undefined) return `${update.challenge.kind} a challenge of ${hosts}`;
  if (update.offline) return `take the addresses of ${hosts} away`;
  const own = update.ownAddresses.map(({ host, address }) => `${host}=${address}`);
  const to = [...update.addresses, ...own, ...(update.prefix === undefined ? [] : [update.prefix])];
  return `set ${hosts} to ${to.join(",") || "the address of the caller"}`;
}

function printCredential(presented: Presented): string {
  switch (presented.kind) {
    case "absent":
      return "without a credential";
    case "malformed":
      return "with a malformed credential";
    case "credential":
      return printKnown(presented.credential);
  }
}

function printKnown(credential: Credential): string {
  return "username" in credential
    ? `as ${credential.username || "nobody"}`
    : `with a secret alone (${credential.kind})`;
}
