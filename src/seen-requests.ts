/** What becomes of requests that were not acted on: shapes to learn from, and receipts of rules on trial. */

import type { Acquaintances } from "./adapters/learn/guess-roles.ts";
import type { UnmatchedNotes } from "./adapters/learn/unmatched-notes.ts";
import type { SeenRequest } from "./adapters/update-service.ts";
import type { Clock } from "./base/clock.ts";
import { makeBucket, take } from "./base/token-bucket.ts";
import type { BucketRule, TokenBucket } from "./base/token-bucket.ts";
import { authenticate } from "./core/authenticate.ts";
import type { Directory } from "./core/directory.ts";
import { findHost } from "./core/find-host.ts";
import { parseHostName } from "./core/host-name.ts";
import type { Receipt } from "./core/receipt.ts";

/** Of rules on trial: a hundred at once, then ten a second. Nobody has shown yet who they are. */
const trialReceipts: BucketRule = { burst: 100, refillMs: 100 };

export class SeenRequests {
  readonly #unmatched: UnmatchedNotes;
  readonly #clock: Clock;
  readonly #keep: (receipt: Receipt) => void;
  readonly #bucket: TokenBucket;
  #trialsPassedOver = 0;

  constructor(unmatched: UnmatchedNotes, clock: Clock, keep: (receipt: Receipt) => void) {
    this.#unmatched = unmatched;
    this.#clock = clock;
    this.#keep = keep;
    this.#bucket = makeBucket(trialReceipts, clock.monotonicMs());
  }

  note(seen: SeenRequest): void {
    if (seen.kind === "unmatched") this.#unmatched.add(seen.request);
    else if (take(this.#bucket, trialReceipts, this.#clock.monotonicMs())) {
      this.#keep(makeTrialReceipt(seen, this.#clock));
    } else this.#trialsPassedOver++;
  }

  passedOver(): { readonly unmatched: number; readonly shadow: number } {
    return { unmatched: this.#unmatched.passedOver, shadow: this.#trialsPassedOver };
  }
}

const receiptTextCharactersMax = 255;

/** Belongs to no host: nobody has shown that they may speak for one. */
function makeTrialReceipt(
  { rule, hosts, would, answered, peer, userAgent }: Extract<SeenRequest, { kind: "shadow" }>,
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
    note: `${would}; was answered ${answered}`,
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
