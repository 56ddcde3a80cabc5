/**
 * FreeDNS' list of keys, which ddclient and inadyn fetch before they update: a line `host|address|url` for each
 * host. The URL carries the same proof that fetched the list and the host's name: the device's password, from
 * which FreeDNS makes keys of its own, is not known here. inadyn takes 255 characters and only what is behind `?`.
 */

import { unreachable } from "../../base/assert.ts";
import type { DeviceReply } from "../device-request.ts";
import { findValues } from "../parameters.ts";
import type { Question } from "../question.ts";
import type { ListedHost } from "../update-service.ts";
import { findV4, findV6 } from "./address-text.ts";
import type { ListOutcome } from "./mint-xml.ts";
import { plainText } from "./plain-text.ts";

/** Keeps a list near 100 KiB. */
export const listedKeysMax = 400;

/** The rule takes hosts and proof of the URLs from these. */
export const freednsKeyNames = { proof: "sha", host: "host" } as const;

export function printFreednsList(outcome: ListOutcome, question: Question): DeviceReply {
  switch (outcome.kind) {
    case "hosts":
      return plainText(200, printLines(outcome.hosts.slice(0, listedKeysMax), question));
    case "no-credentials":
    case "bad-credentials":
      return plainText(200, "ERROR: Failed authenticating to fetch API keys");
    case "try-later":
      return plainText(503, "ERROR:");
    default:
      return unreachable(outcome);
  }
}

/**
 * A line for each family, with the unspecified address where the host has none: ddclient updates only what it
 * finds in the list, and by the address there it tells A from AAAA.
 */
function printLines(hosts: readonly ListedHost[], question: Question): string {
  const lines = hosts.flatMap(({ name, addresses }) => {
    const texts = [findV4(addresses) ?? "0.0.0.0", findV6(addresses) ?? "::"];
    return texts.map((address) => `${name}|${address}|${printUrl(name, question)}`);
  });
  return lines.join("\n");
}

function printUrl(host: string, { parameters, authority, isTls }: Question): string {
  const proof = findValues(parameters, freednsKeyNames.proof).at(-1) ?? "";
  const query = `${freednsKeyNames.proof}=${encodeURIComponent(proof)}&${freednsKeyNames.host}=${host}`;
  // A client that names no server can only mean the one it talks to.
  const server = hostAndPort.test(authority) ? `${isTls ? "https" : "http"}://${authority}` : "";
  return `${server}/dynamic/update.php?${query}`;
}

/** RFC 9110 §7.2, the names and addresses that exist; anything else would be repeated into a line of the list. */
const hostAndPort = /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;
