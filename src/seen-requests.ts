/** What becomes of requests that were not acted on: shapes to learn from, and receipts of rules on trial. */

import type { Acquaintances } from "./adapters/learn/guess-roles.ts";
import type { UnmatchedNotes } from "./adapters/learn/unmatched-notes.ts";
import type { SeenRequest, Service } from "./adapters/update-service.ts";
import type { Clock } from "./base/clock.ts";
import { authenticate } from "./core/authenticate.ts";
import type { Directory } from "./core/directory.ts";
import { findHost } from "./core/find-host.ts";
import { parseHostName } from "./core/host-name.ts";
import type { Receipt } from "./core/receipt.ts";

export function makeNote(
  unmatched: UnmatchedNotes,
  clock: Clock,
  keep: (receipt: Receipt) => void,
): Service["note"] {
  return (seen) => {
    if (seen.kind === "unmatched") unmatched.add(seen.request);
    else keep(makeTrialReceipt(seen, clock));
  };
}

const receiptTextCharactersMax = 255;

/** Belongs to no host: nobody has shown that they may speak for one. */
function makeTrialReceipt(
  { rule, hosts, would, peer, userAgent }: Extract<SeenRequest, { kind: "shadow" }>,
  clock: Clock,
): Receipt {
  return {
    atMs: clock.now(),
    host: undefined,
    asked: hosts.join(",").slice(0, receiptTextCharactersMax),
    username: undefined,
    peer: peer.text,
    adapter: rule,
    userAgent,
    outcome: "shadow",
    addresses: "",
    note: would,
  };
}

/** What the directory knows, for guesses about values. */
export function makeAcquaintances(directory: Directory, pepper: Uint8Array): Acquaintances {
  const openSealed = (): Promise<undefined> => Promise.resolve(undefined);
  return {
    isHost(text) {
      const name = parseHostName(text);
      return name !== undefined && directory.hosts.find(name) !== undefined;
    },
    isUsername: (text) => directory.findLogin(text) !== undefined,
    findLogin(credential, peer) {
      const claim = { peer, hosts: [], naming: "full" } as const;
      const found = authenticate(credential, claim, { directory, pepper, openSealed });
      if (found instanceof Promise || found.kind === "refused") return undefined;
      const { login } = found;
      return {
        hasLabel: (text) => findHost(text, "label", login, directory).kind === "found",
      };
    },
  };
}
