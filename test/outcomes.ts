/** Every outcome an update can have, by name, for tables of what a dialect makes of it. */

import { parseHostName } from "../src/core/host-name.ts";
import type { HostOutcome, Reached, UpdateOutcome } from "../src/core/update.ts";

export function hosts(...outcomes: readonly HostOutcome[]): UpdateOutcome {
  return { kind: "hosts", hosts: outcomes };
}

export function reached(kind: Reached["kind"], ...addresses: readonly string[]): Reached {
  return {
    kind,
    name: parseHostName("cam1.example.test")!,
    addresses,
    before: { v4: undefined, v6: undefined },
  };
}

const changed = reached("changed", "192.0.2.7");
const unchanged = reached("unchanged", "192.0.2.7");

export const outcomes = {
  changed: hosts(changed),
  unchanged: hosts(unchanged),
  "no credentials": { kind: "no-credentials" },
  "bad credentials": { kind: "bad-credentials" },
  "unknown host": hosts({ kind: "unknown-host" }),
  "not a full name": hosts({ kind: "not-a-full-name" }),
  "bad address": hosts({ kind: "bad-address" }),
  blocked: hosts({ kind: "blocked" }),
  "too many hosts": { kind: "too-many-hosts" },
  later: { kind: "try-later" },
  "one of two refused": hosts(changed, { kind: "unknown-host" }),
  "one of two changed": hosts(unchanged, changed),
} as const satisfies Record<string, UpdateOutcome>;

/** Status and body for each: a dialect that leaves one out does not compile. */
export type OutcomeTable = Readonly<Record<keyof typeof outcomes, string>>;
