/**
 * ZoneEdit: one element a host, with the number, the text, zone, host and address as attributes. ddclient goes
 * through its hosts as it goes through the elements, and inadyn reads the number alone.
 */

import { assert, unreachable } from "../../base/assert.ts";
import type { HostOutcome, Reached, UpdateOutcome } from "../../core/update.ts";
import type { DeviceReply } from "../device-request.ts";
import { findValues } from "../parameters.ts";
import type { Question } from "../question.ts";
import { plainText } from "./plain-text.ts";

export function printZoneedit(outcome: UpdateOutcome, question: Question): DeviceReply {
  switch (outcome.kind) {
    case "no-credentials":
    case "bad-credentials":
      return plainText(401, element("ERROR", 708, "Failed Login."));
    case "too-many-hosts":
      return plainText(200, element("ERROR", 702, "Too many hosts."));
    case "try-later":
      return plainText(503, element("ERROR", 702, "Try later."));
    case "hosts":
      assert(outcome.hosts.length > 0, "an update that was taken names at least one host");
      return plainText(
        200,
        outcome.hosts.map((host, index) => printHost(host, index, question)).join("\n"),
      );
    default:
      return unreachable(outcome);
  }
}

function printHost(outcome: HostOutcome, index: number, question: Question): string {
  const zone = findValues(question.parameters, "zone").at(-1) ?? "";
  switch (outcome.kind) {
    case "changed":
      return printReached(200, "Update succeeded.", outcome, zone);
    case "unchanged":
      return printReached(201, "No records need updating.", outcome, zone);
    case "unknown-host":
    case "not-a-full-name": {
      const asked = zone === "" ? parentOf(question.hosts[index] ?? "") : zone;
      return element("ERROR", 701, "Zone is not set up in this account.", ["ZONE", asked]);
    }
    case "bad-address":
      return element("ERROR", 702, "Invalid address.");
    case "blocked":
      return element("ERROR", 707, "The host is held.");
    default:
      return unreachable(outcome);
  }
}

function printReached(code: number, text: string, reached: Reached, zone: string): string {
  const { name, addresses } = reached;
  return element(
    "SUCCESS",
    code,
    text,
    ["ZONE", zone === "" ? parentOf(name) : zone],
    ["HOST", name],
    ["IP", addresses.join(",")],
  );
}

function element(
  name: "SUCCESS" | "ERROR",
  code: number,
  text: string,
  ...attributes: readonly (readonly [string, string])[]
): string {
  const more = attributes.map(([key, value]) => ` ${key}="${keepNameCharacters(value)}"`).join("");
  return `<${name} CODE="${code}" TEXT="${text}"${more}>`;
}

function parentOf(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}

/** What was asked for comes back in an attribute: nothing in it may end one. */
function keepNameCharacters(text: string): string {
  return text.replace(/[^\w.:,-]/g, "").slice(0, attributeCharactersMax);
}

const attributeCharactersMax = 255;
