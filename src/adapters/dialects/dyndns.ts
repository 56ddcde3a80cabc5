/**
 * The dyndns dialect and the founding protocol, which share a grammar: one line a host in the order
 * they were asked for, and one word alone where the request failed as a whole. No line end at the
 * end, since Microchip and IPFire compare whole bodies; never a host name, since inadyn finds
 * `good` in `goodcam.example.test`.
 */

import { assert, unreachable } from "../../base/assert.ts";
import type { HostOutcome, UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { plainText } from "./plain-text.ts";

/** Where dialects of this grammar differ. */
interface Words {
  readonly badAddress: string;
  readonly tooManyHosts: string;
  readonly notAFullName: string;
  readonly tryLater: string;
}

/** `dnserr` is the one word that all dyndns clients take as passing: ez-ipupdate ends for good on `911`. */
const dyndns: Words = {
  badAddress: "dnserr",
  tooManyHosts: "numhost",
  notAFullName: "notfqdn",
  tryLater: "dnserr",
};

/** Its six words are `good`, `nochg`, `badauth`, `nohost`, `badsys`, `911`; others would be unknown to its clients. */
const mint: Words = {
  badAddress: "badsys",
  tooManyHosts: "badsys",
  notAFullName: "nohost",
  tryLater: "911",
};

/** Hurricane Electric and dy.fi: as dyndns, but an address can be bad in a word of its own. */
const badip: Words = { ...dyndns, badAddress: "badip" };

export function printDyndns(outcome: UpdateOutcome): DeviceReply {
  return printOutcome(outcome, dyndns);
}

export function printMint(outcome: UpdateOutcome): DeviceReply {
  return printOutcome(outcome, mint);
}

export function printBadip(outcome: UpdateOutcome): DeviceReply {
  return printOutcome(outcome, badip);
}

function printOutcome(outcome: UpdateOutcome, words: Words): DeviceReply {
  switch (outcome.kind) {
    case "no-credentials":
    case "bad-credentials":
      return badauth;
    case "too-many-hosts":
      return plainText(200, words.tooManyHosts);
    case "try-later":
      return plainText(503, words.tryLater);
    case "hosts":
      assert(outcome.hosts.length > 0, "an update that was taken names at least one host");
      return plainText(200, outcome.hosts.map((host) => printHost(host, words)).join("\n"));
    default:
      return unreachable(outcome);
  }
}

/** Both for no credential and for a wrong one: wget and uclient-fetch send theirs only after it. */
const badauth = plainText(401, "badauth");

function printHost(outcome: HostOutcome, words: Words): string {
  switch (outcome.kind) {
    case "changed":
      return printResult("good", outcome.addresses);
    case "unchanged":
      return printResult("nochg", outcome.addresses);
    case "unknown-host":
      return "nohost";
    case "not-a-full-name":
      return words.notAFullName;
    case "bad-address":
      return words.badAddress;
    case "blocked":
      return "abuse";
    default:
      return unreachable(outcome);
  }
}

/** ez-ipupdate wants the space and an address; after `offline`, and of a challenge, there may be none. */
function printResult(word: "good" | "nochg", addresses: readonly string[]): string {
  return addresses.length === 0 ? word : `${word} ${addresses.join(",")}`;
}
