/**
 * FreeDNS, both generations: sentences with the host's name and addresses in them, and nothing but 200. Clients
 * look for `Updated … to IP` (ddclient), for the address alone (inadyn), or at how the sentence begins (qdm12).
 */

import { addressFromOctets, parseAddress } from "../../base/address.ts";
import type { Reached, UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { findValues } from "../parameters.ts";
import type { Question } from "../question.ts";
import { isV6 } from "./address-text.ts";
import { overall } from "./overall.ts";
import { plainText } from "./plain-text.ts";

/** What addresses are called in both. */
export const freednsAddressKeys = ["address", "ip", "myip"] as const;

/** `/dynamic/update.php?KEY` */
export function printFreedns(outcome: UpdateOutcome, question: Question): DeviceReply {
  const whole = overall(outcome);
  switch (whole.kind) {
    case "changed":
      return plainText(200, `${printChange(whole)} in 0.1 seconds`);
    case "unchanged":
      return plainText(200, `ERROR: Address ${whole.addresses.join(",")} has not changed.`);
    case "bad-address":
      return plainText(200, printBadAddress(question));
    case "blocked":
      return plainText(200, "ERROR:");
    case "try-later":
      return plainText(503, "ERROR:");
    default:
      return plainText(200, notLocated);
  }
}

/** `/u/TOKEN/` and `/u/?h=HOST`. Who sent nothing is challenged: wget, which OpenWrt prefers, waits for that. */
export function printFreedns2(outcome: UpdateOutcome, question: Question): DeviceReply {
  const whole = overall(outcome);
  switch (whole.kind) {
    case "changed":
      return plainText(200, printChange(whole));
    case "unchanged":
      return plainText(200, printSame(whole));
    case "no-credentials":
      return plainText(401, notLocated2);
    case "bad-address":
      return plainText(200, printBadAddress(question));
    case "blocked":
      return plainText(200, "ERROR:");
    case "try-later":
      return plainText(503, "ERROR:");
    default:
      return plainText(200, notLocated2);
  }
}

const notLocated =
  "ERROR: Unable to locate this record (changed password recently? deleted and re-created this dns entry?)";
const notLocated2 = "ERROR: Couldn't find any matching DNS records via randomkey method!";

function printChange(host: Reached): string {
  return `Updated ${host.name} from ${printBefore(host)} to ${host.addresses.join(",")}`;
}

function printSame({ name, addresses }: Reached): string {
  return `No IP change detected for ${name} with IP ${addresses.join(",")}, skipping update`;
}

/** The unspecified address where there was none, so that the sentence keeps its form. */
function printBefore({ addresses, before }: Reached): string {
  return addresses
    .map((address) => {
      const octets = isV6(address) ? before.v6 : before.v4;
      if (octets !== undefined) return addressFromOctets(octets).text;
      return isV6(address) ? "::" : "0.0.0.0";
    })
    .join(",");
}

/** Repeats what was sent only where it looks like an address: the rest is a stranger's text. */
function printBadAddress({ parameters }: Question): string {
  const wrong = freednsAddressKeys
    .flatMap((key) => findValues(parameters, key))
    .find((value) => value !== "" && parseAddress(value) === undefined);
  return `ERROR: "${addressLike.test(wrong ?? "") ? wrong : "?"}" is an invalid IP address.`;
}

const addressLike = /^[0-9a-fA-F.:]{1,45}$/;
