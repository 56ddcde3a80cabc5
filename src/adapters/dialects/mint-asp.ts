/**
 * `/client/update.asp`, as the firmware of TVT and its brands speaks it behind "MintDNS" and other menus. It searches head and
 * body together for a line that begins with `nodom`, `ok` or `911`, then for `disabled` anywhere, and reads no status.
 */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "./overall.ts";
import { plainText } from "./plain-text.ts";

export function printMintAsp(outcome: UpdateOutcome): DeviceReply {
  const { kind } = overall(outcome);
  switch (kind) {
    case "changed":
    case "unchanged":
      return plainText(200, "ok");
    case "no-credentials":
    case "bad-credentials":
      return plainText(401, "911"); // here it means "wrong user or password"
    case "unknown-host":
    case "not-a-full-name":
    case "too-many-hosts":
      return plainText(200, "nodom");
    case "blocked":
      return plainText(200, "disabled");
    case "bad-address": // it sends none; the one it comes from may not be published
      return plainText(200, "err");
    case "try-later":
      return plainText(503, "err");
    default:
      return unreachable(kind);
  }
}
