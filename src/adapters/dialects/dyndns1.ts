/**
 * The first protocol of Dyn, which ddclient still has, and dslreports with it. Success is three lines that are
 * looked for without case; a failure is any other return code.
 */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "./overall.ts";
import { plainText } from "./plain-text.ts";

export function printDyndns1(outcome: UpdateOutcome): DeviceReply {
  const { kind } = overall(outcome);
  switch (kind) {
    case "changed":
    case "unchanged":
      return plainText(200, "<TITLE>OK</TITLE>\nreturn code: NOERROR\nerror code: NOERROR\n");
    case "no-credentials":
    case "bad-credentials":
      return plainText(401, "return code: BADAUTH");
    case "unknown-host":
      return plainText(200, "return code: NOHOST");
    case "not-a-full-name":
      return plainText(200, "return code: NOTFQDN");
    case "too-many-hosts":
      return plainText(200, "return code: NUMHOST");
    case "bad-address":
      return plainText(200, "return code: DNSERR");
    case "blocked":
      return plainText(200, "return code: ABUSE");
    case "try-later":
      return plainText(503, "return code: DNSERR");
    default:
      return unreachable(kind);
  }
}
