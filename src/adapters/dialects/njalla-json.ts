/** Njalla: JSON that repeats the status. ddclient reads both `status` and `message`, qdm12 the address as well. */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { hasKey } from "../parameters.ts";
import type { Question } from "../question.ts";
import { isV6 } from "./address-text.ts";
import { jsonText } from "./json-text.ts";
import { overall } from "./overall.ts";

export function printNjalla(outcome: UpdateOutcome, question: Question): DeviceReply {
  const whole = overall(outcome);
  switch (whole.kind) {
    case "changed":
    case "unchanged":
      return success(whole.addresses, hasKey(question.parameters, "quiet"));
    case "no-credentials":
    case "bad-credentials":
      return failure(401, "invalid host or key");
    case "unknown-host":
    case "not-a-full-name":
      return failure(404, "unknown host");
    case "too-many-hosts":
      return failure(400, "too many hosts");
    case "bad-address":
      return failure(400, "invalid address");
    case "blocked":
      return failure(403, "host is disabled");
    case "try-later":
      return jsonText(503, { status: 503 });
    default:
      return unreachable(whole);
  }
}

/** With `quiet` a success says nothing; failures are told all the same. */
function success(addresses: readonly string[], isQuiet: boolean): DeviceReply {
  const value = Object.fromEntries(
    addresses.map((address) => [isV6(address) ? "AAAA" : "A", address]),
  );
  const reply = jsonText(200, { status: 200, message: "record updated", value });
  return isQuiet ? { ...reply, body: "" } : reply;
}

function failure(status: 400 | 401 | 403 | 404, message: string): DeviceReply {
  return jsonText(status, { status, message });
}
