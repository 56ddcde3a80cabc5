/** regfish: clients look for `success` and for its number; every failure is `error|` and a word. */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "./overall.ts";
import { plainText } from "./plain-text.ts";

/** A wrong token is 200 as well: its clients read nothing else. Who sent none is challenged, as everywhere. */
export function printRegfish(outcome: UpdateOutcome): DeviceReply {
  const { kind } = overall(outcome);
  switch (kind) {
    case "changed":
      return plainText(200, "success|100|update succeeded!");
    case "unchanged":
      return plainText(200, "success|101|no update needed at this time..");
    case "no-credentials":
      return plainText(401, "error|badauth");
    case "bad-credentials":
      return plainText(200, "error|badauth");
    case "unknown-host":
      return plainText(200, "error|nohost");
    case "not-a-full-name":
      return plainText(200, "error|notfqdn");
    case "too-many-hosts":
      return plainText(200, "error|numhost");
    case "bad-address":
      return plainText(200, "error|dnserr");
    case "blocked":
      return plainText(200, "error|abuse");
    case "try-later":
      return plainText(503, "error|dnserr");
    default:
      return unreachable(kind);
  }
}
