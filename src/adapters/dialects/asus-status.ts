/** ASUS routers: the status is the answer, with numbers of their own. The words are for people. */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "./overall.ts";
import { plainText } from "./plain-text.ts";

export function printAsusStatus(outcome: UpdateOutcome): DeviceReply {
  const { kind } = overall(outcome);
  switch (kind) {
    case "changed":
      return plainText(200, "");
    case "unchanged":
      return plainText(220, "");
    case "no-credentials":
    case "bad-credentials":
      return plainText(401, "badauth");
    case "unknown-host":
    case "too-many-hosts":
      return plainText(297, "nohost");
    case "not-a-full-name":
      return plainText(298, "notfqdn");
    case "blocked":
      return plainText(298, "abuse");
    case "bad-address":
      return plainText(299, "dnserr");
    case "try-later":
      return plainText(503, "dnserr");
    default:
      return unreachable(kind);
  }
}
