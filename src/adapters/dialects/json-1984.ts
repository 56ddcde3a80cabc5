/** 1984 Hosting: always 200 and JSON; ddclient reads `ok`, `ip`, and `unaltered` in the message. */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { jsonText } from "./json-text.ts";
import { overall } from "./overall.ts";

export function print1984(outcome: UpdateOutcome): DeviceReply {
  const whole = overall(outcome);
  switch (whole.kind) {
    case "changed":
      return success(whole.addresses, "Record updated");
    case "unchanged":
      return success(whole.addresses, "Record unaltered");
    case "no-credentials":
    case "bad-credentials":
      return failure("Invalid API key");
    case "unknown-host":
    case "not-a-full-name":
      return failure("Unknown domain");
    case "too-many-hosts":
      return failure("Too many domains");
    case "bad-address":
      return failure("Invalid IP");
    case "blocked":
      return failure("Domain is disabled");
    case "try-later":
      return { ...failure("Try again later"), status: 503 };
    default:
      return unreachable(whole);
  }
}

function success(addresses: readonly string[], msg: string): DeviceReply {
  return jsonText(200, { ok: true, msg, ip: addresses.join(",") });
}

/** `"ok":false` cannot be left out, so it is no dialect for clients that search for `ok` alone. */
function failure(msg: string): DeviceReply {
  return jsonText(200, { ok: false, msg });
}
