/** Dialects that have one word for the whole of a request: a table of words becomes a dialect. */

import { unreachable } from "../../base/assert.ts";
import type { Reached, UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "./overall.ts";
import { plainText } from "./plain-text.ts";

export interface Words {
  readonly changed: SuccessWord;
  readonly unchanged: SuccessWord;
  /** For a wrong credential and for none. */
  readonly badCredentials: string;
  /**
   * 401 asks those for their credential who send it only then (GNU wget, uclient-fetch, urllib). 200 where the
   * clients send theirs unasked, in the query, and look into no other reply.
   */
  readonly badCredentialsStatus: 200 | 401;
  readonly unknownHost: string;
  readonly notAFullName: string;
  readonly tooManyHosts: string;
  readonly badAddress: string;
  readonly blocked: string;
  /** Sent with 503, which every client takes as passing. */
  readonly tryLater: string;
}

/** May show what was reached: the host that decides the word, and how many there were. */
type SuccessWord = string | ((reached: Reached, hosts: number) => string);

export function printInWords(words: Words): (outcome: UpdateOutcome) => DeviceReply {
  return (outcome) => {
    const whole = overall(outcome);
    const { kind } = whole;
    switch (kind) {
      case "changed":
      case "unchanged":
        return plainText(200, printSuccess(words[kind], whole, outcome));
      case "no-credentials":
      case "bad-credentials":
        return plainText(words.badCredentialsStatus, words.badCredentials);
      case "unknown-host":
        return plainText(200, words.unknownHost);
      case "not-a-full-name":
        return plainText(200, words.notAFullName);
      case "too-many-hosts":
        return plainText(200, words.tooManyHosts);
      case "bad-address":
        return plainText(200, words.badAddress);
      case "blocked":
        return plainText(200, words.blocked);
      case "try-later":
        return plainText(503, words.tryLater);
      default:
        return unreachable(kind);
    }
  };
}

function printSuccess(word: SuccessWord, reached: Reached, outcome: UpdateOutcome): string {
  if (typeof word === "string") return word;
  return word(reached, outcome.kind === "hosts" ? outcome.hosts.length : 0);
}
