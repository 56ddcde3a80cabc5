/** JSON as replies need it: without blanks, since Tomato and scripts look for `"code":0` as it stands. */

import type { DeviceReply } from "../device-request.ts";

export function jsonText(status: DeviceReply["status"], value: object): DeviceReply {
  return { status, contentType: "application/json", body: JSON.stringify(value) };
}
