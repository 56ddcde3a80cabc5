/** JSON as dialects exchange it with programs: objects in, compact ASCII out. */

import type { DeviceReply } from "./device-request.ts";

/** An entry a key: `__proto__` is one like any other. */
export type JsonObject = ReadonlyMap<string, unknown>;

/**
 * Of a body, one character an octet, whatever its content type says: curl sends JSON as a form unless it is told
 * otherwise. Undefined: no JSON, or no object. Strings in it are text, not octets.
 */
export function parseJsonObject(body: string): JsonObject | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(body, "latin1").toString("utf8"));
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
  return new Map(Object.entries(parsed));
}

/** Undefined: no such key, or what it holds is no string. */
export function findText(object: JsonObject, key: string): string | undefined {
  const value = object.get(key);
  return typeof value === "string" ? value : undefined;
}

/** Without a space between tokens, since Tomato and acme.sh look for `"success":true` and the like. */
export function jsonReply(status: DeviceReply["status"], value: unknown): DeviceReply {
  return { status, contentType: "application/json", body: printAscii(JSON.stringify(value)) };
}

/** RFC 8259 §7: every character may be written as an escape. */
function printAscii(json: string): string {
  return json.replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
