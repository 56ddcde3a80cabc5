/** `/client/domlook.aspx`: the hosts of a login, as XML. */

import { unreachable } from "../../base/assert.ts";
import type { DeviceReply } from "../device-request.ts";
import type { HostListing, ListedHost } from "../update-service.ts";
import { plainText } from "./plain-text.ts";

/** More are not listed. Keeps the longest reply, and what a slow reader can hold, near 100 KiB. */
export const listedHostsMax = 1_000;

export type ListOutcome = HostListing | { readonly kind: "no-credentials" };

export function printHostList(outcome: ListOutcome): DeviceReply {
  switch (outcome.kind) {
    case "hosts":
      return { status: 200, contentType: "text/xml; charset=utf-8", body: printXml(outcome.hosts) };
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

function element(name: string, text: string): string {
  return `<${name}>${escapeText(text)}</${name}>`;
}

/** To the second, as `2025-01-31T12:00:00Z`. */
function printTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/**
 * XML 1.0 §2.4: markup is escaped. What is not ASCII is written as a reference, and what XML cannot
 * hold at all (§2.2), which no host name has, as the replacement character.
 */
function escapeText(text: string): string {
  let escaped = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (`<>&"'`.includes(character)) escaped += `&#${code};`;
    else if (code >= 0x20 && code < 0x7f) escaped += character;
    else if (isXmlCharacter(code)) escaped += `&#${code};`;
    else escaped += "&#65533;";
  }
  return escaped;
}

function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || code > 0xffff;
}
