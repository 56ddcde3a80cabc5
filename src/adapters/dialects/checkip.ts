/** What address a request came from. Never an error: a device that does not learn it uses garbage. */

import type { Address } from "../../base/address.ts";
import type { DeviceReply } from "../device-request.ts";
import { plainText } from "./plain-text.ts";

/**
 * Dyn's page, octet for octet: patterns in the field are cut to fit it. `Current IP Address: ` in
 * front, `</body>` behind, and no other digit in it.
 */
export function printCheckipHtml(address: Address): DeviceReply {
  const page =
    "<html><head><title>Current IP Check</title></head>" +
    `<body>Current IP Address: ${address.text}</body></html>`;
  return { status: 200, contentType: "text/html", body: page };
}

/** The address alone. */
export function printCheckipPlain(address: Address): DeviceReply {
  return plainText(200, address.text);
}
