/** `OK` or `ERROR`, and nothing more: freemyip, dondominio, gira. */

import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "./overall.ts";
import { plainText } from "./plain-text.ts";

export function printWordOk(outcome: UpdateOutcome): DeviceReply {
  switch (overall(outcome).kind) {
    case "changed":
    case "unchanged":
      return plainText(200, "OK");
    case "try-later":
      return plainText(503, "ERROR");
    default:
      return plainText(200, "ERROR");
  }
}
