/**
 * Where the status is the answer: clients that never read the body, or take any 200 for success. The words of
 * failures are for people; none of them holds `ok`, `good` or another word that a careless search would find.
 */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "./overall.ts";
import { plainText } from "./plain-text.ts";

/** all-inkl, IONOS, ipv64, mydns, dnsever: any 200 will do. */
export function printAny200(outcome: UpdateOutcome): DeviceReply {
  return printStatus(outcome, "OK");
}

/** dhs, lego's httpreq: nobody looks behind the head. */
export function printHttpStatus(outcome: UpdateOutcome): DeviceReply {
  return printStatus(outcome, "");
}

function printStatus(outcome: UpdateOutcome, success: string): DeviceReply {
  const { kind } = overall(outcome);
  switch (kind) {
    case "changed":
    case "unchanged":
      return plainText(200, success);
    case "no-credentials":
    case "bad-credentials":
      return plainText(401, "badauth");
    case "unknown-host":
      return plainText(404, "nohost");
    case "not-a-full-name":
      return plainText(400, "notfqdn");
    case "too-many-hosts":
      return plainText(400, "numhost");
    case "bad-address":
      return plainText(400, "dnserr");
    case "blocked":
      return plainText(403, "abuse");
    case "try-later":
      return plainText(503, "dnserr");
    default:
      return unreachable(kind);
  }
}
