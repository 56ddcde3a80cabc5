/** ChangeIP: ddclient looks for a line with `success` in it. */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "./overall.ts";
import { plainText } from "./plain-text.ts";

export function printChangeip(outcome: UpdateOutcome): DeviceReply {
  const { kind } = overall(outcome);
  switch (kind) {
    case "changed":
    case "unchanged":
      return plainText(200, "200 Successful Update");
    case "no-credentials":
    case "bad-credentials":
      return plainText(401, "401 Access Denied");
    case "unknown-host":
    case "not-a-full-name":
      return plainText(200, "nohost");
    case "too-many-hosts":
      return plainText(200, "numhost");
    case "bad-address":
      return plainText(200, "dnserr");
    case "blocked":
      return plainText(200, "abuse");
    case "try-later":
      return plainText(503, "dnserr");
    default:
      return unreachable(kind);
  }
}
