/**
 * TZO: the number stands in the body, and what the user has to mend in the name of the page a redirect leads to.
 * ez-ipupdate looks for that name and never follows: the one exception to "never redirect a device".
 */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import type { Question } from "../question.ts";
import { overall } from "./overall.ts";
import { plainText } from "./plain-text.ts";

export function printTzo(outcome: UpdateOutcome, question: Question): DeviceReply {
  const { kind } = overall(outcome);
  switch (kind) {
    case "changed":
      return plainText(200, "200 OK");
    case "unchanged":
      return plainText(200, "304 No change");
    case "no-credentials":
    case "bad-credentials":
      // Never `invemail.htm`: it would tell which user names there are.
      return leadTo("invkey.htm", question);
    case "unknown-host":
      return leadTo("invname.htm", question);
    case "not-a-full-name":
      return leadTo("domainmismatch.htm", question);
    case "too-many-hosts":
    case "bad-address":
    case "blocked":
      return plainText(200, "414");
    case "try-later":
      return plainText(503, "500");
    default:
      return unreachable(kind);
  }
}

function leadTo(page: string, { authority }: Question): DeviceReply {
  const origin = isPlainAuthority.test(authority) ? `http://${authority}` : "";
  return { ...plainText(302, ""), location: `${origin}/x/${page}` };
}

/** A name and a port. What looks like an address stays out of the head: ddclient's `use=web` searches there. */
const isPlainAuthority = /^(?!.*\d\.\d+\.\d+\.\d)[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/i;
