/** `/client/domlook.aspx`: the hosts of a login, as XML. */

import { unreachable } from "../../base/assert.ts";
import type { DeviceReply } from "../device-request.ts";
import type { HostListing, ListedHost } from "../update-service.ts";
import { plainText } from "./plain-text.ts";
import { element, xmlText } from "./xml.ts";

/** More are not listed. Keeps the longest reply, and what a slow reader can hold, near 100 KiB. */
export const listedHostsMax = 1_000;

export type ListOutcome = HostListing | { readonly kind: "no-credentials" };

export function printHostList(outcome: ListOutcome): DeviceReply {
  switch (outcome.kind) {
    case "hosts":
      return xmlText(printXml(outcome.hosts));
    case "no-credentials":
    case "bad-credentials":
      return plainText(401, "badauth");
    case "try-later":
      return plainText(503, "911");
    default:
      return unreachable(outcome);
  }
}

/** One element a line: the Java client looks for `<url>.*</url>` and does not look across lines. */
function printXml(hosts: readonly ListedHost[]): string {
  const lines = ['<?xml version="1.0" encoding="utf-8"?>', "<domains>"];
  for (const host of hosts.slice(0, listedHostsMax)) {
    lines.push("<domain>", element("url", host.name));
    for (const address of host.addresses) lines.push(element("ip", address));
    if (host.changedAtMs !== undefined) lines.push(element("updated", printTime(host.changedAtMs)));
    lines.push("</domain>");
  }
  lines.push("</domains>");
  return lines.join("\n");
}

/** To the second, as `2025-01-31T12:00:00Z`. */
function printTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
