/** DNSExit's JSON: a number, and a text for people. ddclient 4 reads the number, of a 200 alone. */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { jsonText } from "./json-text.ts";
import { overall } from "./overall.ts";

/** Its meaning of numbers: 1 some execution problems, 2 key, 3 definitions, 4 syntax, 5 type, 6 system. */
export function printDnsexitJson(outcome: UpdateOutcome): DeviceReply {
  const { kind } = overall(outcome);
  switch (kind) {
    case "changed":
    case "unchanged":
      return dnsexitReply(0, "Success");
    case "no-credentials":
    case "bad-credentials":
      return dnsexitReply(2, "API Key Authentication Error");
    case "unknown-host":
    case "not-a-full-name":
      return dnsexitReply(1, "Fail to find the domain");
    case "too-many-hosts":
      return dnsexitReply(1, "Too many hosts");
    case "bad-address":
      return dnsexitReply(1, "Invalid IP");
    case "blocked":
      return dnsexitReply(1, "The host is held");
    case "try-later":
      return dnsexitReply(6, "System Error", 503);
    default:
      return unreachable(kind);
  }
}

export function dnsexitReply(code: number, message: string, status: 200 | 503 = 200): DeviceReply {
  return jsonText(status, { code, message });
}
