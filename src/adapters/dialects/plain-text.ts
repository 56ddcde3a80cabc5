/** Replies that are words in plain text, and the two that no dialect has a word for. */

import type { DeviceReply } from "../device-request.ts";

export function plainText(status: DeviceReply["status"], body: string): DeviceReply {
  return { status, contentType: "text/plain", body };
}

/** No keyword of any dialect, nor `ok` or `good` inside another word: devices search carelessly. */
export const unknownPath = plainText(404, "not found");
export const badRequest = plainText(400, "bad request");
