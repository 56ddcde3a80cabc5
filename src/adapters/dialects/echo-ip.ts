/**
 * `good` and the address, also when nothing changed: clients of thatip, dnsmax, goip and others only look for the
 * address they sent. Failures are the words of dyndns, a name that is none being an unknown one.
 */

import { unreachable } from "../../base/assert.ts";
import type { HostOutcome, UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { plainText } from "./plain-text.ts";

export function printEchoIp(outcome: UpdateOutcome): DeviceReply {
  switch (outcome.kind) {
    case "no-credentials":
    case "bad-credentials":
      return plainText(401, "badauth");
    case "too-many-hosts":
      return plainText(200, "nohost");
    case "try-later":
      return plainText(503, "dnserr");
    case "hosts":
      return plainText(200, outcome.hosts.map(printHost).join("\n"));
    default:
      return unreachable(outcome);
  }
}

function printHost(outcome: HostOutcome): string {
  switch (outcome.kind) {
    case "changed":
    case "unchanged":
      return ["good", outcome.addresses.join(",")].filter((part) => part !== "").join(" ");
    case "unknown-host":
    case "not-a-full-name":
      return "nohost";
    case "bad-address":
      return "dnserr";
    case "blocked":
      return "abuse";
    default:
      return unreachable(outcome);
  }
}
