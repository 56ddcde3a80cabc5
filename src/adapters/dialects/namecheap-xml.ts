/**
 * Namecheap: XML, of which clients read the number of errors, qdm12 the address and the first error too.
 * `Done` stands only where it was done: `true` anywhere is success to a careless search.
 */

import { unreachable } from "../../base/assert.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { overall } from "./overall.ts";
import { element, xmlText } from "./xml.ts";

export function printNamecheap(outcome: UpdateOutcome): DeviceReply {
  const whole = overall(outcome);
  switch (whole.kind) {
    case "changed":
    case "unchanged":
      return xmlText(printDone(whole.addresses));
    case "no-credentials":
    case "bad-credentials":
      return failure("Passwords do not match");
    case "unknown-host":
    case "not-a-full-name":
      return failure("Domain name not found");
    case "too-many-hosts":
      return failure("Too many hosts");
    case "bad-address":
      return failure("Invalid IP");
    case "blocked":
      return failure("Host is disabled");
    case "try-later":
      return { ...failure("Try again later"), status: 503 };
    default:
      return unreachable(whole);
  }
}

function printDone(addresses: readonly string[]): string {
  const address = addresses[0] === undefined ? "" : element("IP", addresses[0]);
  return enclose(`${address}<ErrCount>0</ErrCount><Done>true</Done>`);
}

function failure(sentence: string): DeviceReply {
  const errors = `<errors>${element("Err1", sentence)}</errors>`;
  return xmlText(enclose(`<ErrCount>1</ErrCount>${errors}`));
}

function enclose(content: string): string {
  return `<interface-response><Command>SETDNSHOST</Command>${content}</interface-response>`;
}
