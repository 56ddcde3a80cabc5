/**
 * system-ns.com: a code first, because some clients take the digit behind the first colon for it. A wrong token
 * has the code of a wrong account: ddupdate takes all up to 2, which that service has for tokens, as success.
 */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { jsonText } from "./json-text.ts";
import { overall } from "./overall.ts";

export function printSystemNs(outcome: UpdateOutcome): DeviceReply {
  const { kind } = overall(outcome);
  switch (kind) {
    case "changed":
      return jsonText(200, { code: 0, msg: "Address changed" });
    case "unchanged":
      return jsonText(200, { code: 0, msg: "Address is the same" });
    case "no-credentials":
    case "bad-credentials":
      return jsonText(200, { code: 4, msg: "Auth invalid" });
    case "unknown-host":
    case "not-a-full-name":
    case "too-many-hosts":
      return jsonText(200, { code: 3, msg: "Domain invalid" });
    case "bad-address":
      return jsonText(200, { code: 5, msg: "Wrong ip format" });
    case "blocked":
      return jsonText(200, { code: 99, msg: "Domain is disabled" });
    case "try-later":
      return jsonText(503, { code: 99, msg: "Try again later" });
    default:
      return unreachable(kind);
  }
}
