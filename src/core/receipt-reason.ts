/** A receipt in words: what happened and why, and what to do about it. */

import { fixedNote } from "./decision.ts";
import type { Receipt } from "./receipt.ts";
import { hiddenUsername } from "./receipt-username.ts";

export interface Reason {
  readonly reason: string;
  /** Undefined: nothing is to be done. */
  readonly remedy: string | undefined;
}

export function reasonOf(receipt: Receipt): Reason {
  const { reason, remedy } = words(receipt);
  const note = receipt.note === "" || reason.includes(receipt.note) ? "" : ` ${receipt.note}`;
  return { reason: `${reason}${note}`, remedy };
}

function words({ outcome, asked, username, addresses, note }: Receipt): Reason {
  switch (outcome) {
    case "changed":
      return say(addresses === "" ? "Changed." : `Now ${addresses}.`);
    case "unchanged":
      return note.includes(fixedNote)
        ? say(
            fixedNote,
            "To let it follow its device again, take the fixing away on the host's page.",
          )
        : say("Already correct: nothing had to change.");
    case "unknown-host":
      return isPlaceholder(asked)
        ? say(
            "The device sent a placeholder instead of a host name.",
            "Type the host name in the field that the placeholder stands for.",
          )
        : isDoubled(asked)
          ? say(
              "The host name came twice, one behind the other.",
              "Leave one of the two fields for the name empty.",
            )
          : say(
              `There is no host ${asked || "without a name"} that this login may update.`,
              "Compare the host name on the device with the one here, and which hosts the login is for.",
            );
    case "not-a-full-name":
      return say(
        "The host name is not complete.",
        "Type the whole name, with its domain, into the device.",
      );
    case "bad-address":
      return say(
        "The address that was sent cannot be used.",
        "Let the device send no address: then the one it comes from is taken.",
      );
    case "blocked":
      return say(
        "The host is held.",
        "Whoever holds it can let it go; the host's page says who that is.",
      );
    case "bad-credentials":
      if (username === hiddenUsername) {
        return say(
          "What was sent as the user name is none, and may be a password.",
          "Look whether user name and password stand in each other's field.",
        );
      }
      return username === undefined
        ? say(
            "The secret that was sent is wrong.",
            "Make a new device login and type both of its fields into the device.",
          )
        : say(
            `The password for ${username} is wrong, or there is no such login.`,
            "Type user name and password again, without blanks around them, or make a new login.",
          );
    case "too-many-hosts":
      return say(
        "More hosts than one request may name.",
        "Give each twenty hosts an update of their own.",
      );
    case "try-later":
      return say(
        "The service could not store the change just then.",
        "Nothing on the device; it tries again by itself.",
      );
    case "shadow":
      return say(
        "A rule on trial matched and changed nothing.",
        "Enable the rule when what it would have done is right.",
      );
    default:
      return say(outcome);
  }
}

function say(reason: string, remedy?: string): Reason {
  return { reason, remedy };
}

/** As firmware has them where nobody replaced them. */
function isPlaceholder(text: string): boolean {
  return /^(?:<.*>|%[a-z]|\{.*\}|\[.*\]|__.*__|#\{.*\})$/i.test(text.trim());
}

function isDoubled(text: string): boolean {
  const half = text.length / 2;
  return text.length > 6 && Number.isInteger(half) && text.slice(0, half) === text.slice(half);
}
