/**
 * DuckDNS: `OK` or `KO` for all hosts together, without a line end, since lego compares the whole body. With
 * `verbose=true` a success has lines: the addresses (or the text that was set), and whether anything changed.
 */

import type { Reached, UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { findValues, hasKey } from "../parameters.ts";
import type { Question } from "../question.ts";
import { findV4, findV6 } from "./address-text.ts";
import { overall } from "./overall.ts";
import { plainText } from "./plain-text.ts";

export function printDuck(outcome: UpdateOutcome, question: Question): DeviceReply {
  const whole = overall(outcome);
  switch (whole.kind) {
    case "changed":
    case "unchanged":
      return plainText(200, isAsked(question, "verbose") ? printVerbose(whole, question) : "OK");
    case "try-later":
      return plainText(503, "KO");
    default:
      return plainText(200, "KO");
  }
}

/** A line without a value is there all the same: qdm12 and scripts count lines. */
function printVerbose({ kind, addresses }: Reached, question: Question): string {
  const isCleared = isAsked(question, "clear");
  const word = kind === "changed" ? "UPDATED" : "NOCHANGE";
  const isText =
    question.challenge !== undefined || (isCleared && hasKey(question.parameters, "txt"));
  if (isText) return ["OK", isCleared ? "" : question.challenge, word].join("\n");
  const known = isCleared ? [] : addresses;
  return ["OK", findV4(known) ?? "", findV6(known) ?? "", word].join("\n");
}

function isAsked({ parameters }: Question, key: string): boolean {
  return findValues(parameters, key).some((value) => yes.includes(value.toLowerCase()));
}

const yes: readonly string[] = ["true", "yes", "1"];
