/** dynv6: a phrase for each outcome and a status beside it; inadyn looks for the phrase, qdm12 at the status. */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "./overall.ts";
import { plainText } from "./plain-text.ts";

export function printDynv6(outcome: UpdateOutcome): DeviceReply {
  const { kind } = overall(outcome);
  switch (kind) {
    case "changed":
      return plainText(200, "addresses updated");
    case "unchanged":
      return plainText(200, "addresses unchanged");
    case "no-credentials":
    case "bad-credentials":
      return plainText(401, "invalid authentication token");
    case "unknown-host":
    case "not-a-full-name":
    case "too-many-hosts":
    // dynv6 has no word for a host that is held; to its owner it is not there.
    case "blocked":
      return plainText(404, "zone not found");
    case "bad-address":
      return plainText(400, "invalid address");
    case "try-later":
      return plainText(503, "");
    default:
      return unreachable(kind);
  }
}
