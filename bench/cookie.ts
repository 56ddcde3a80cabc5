/** The cookie that a resolver sends which has asked this server before (RFC 7873 §5.1). */

import { askUntil } from "./ask.ts";
import { apex } from "./names.ts";

/** RFC 7873 §4. */
const optionCode = 10;
const clientCookie = Uint8Array.fromHex("6e616d6577617264");

/**
 * As hex digits: 8 octets of the client and what the server added to them, if it did. Without the
 * server's part Knot and PowerDNS answer BADCOOKIE, and something else than the answer would be measured.
 */
export async function fetchCookie(port: number): Promise<string> {
  const edns = { options: [{ code: optionCode, octets: clientCookie }] };
  const reply = await askUntil(port, `cam0.${apex}`, edns, () => true);
  const given = reply.edns?.options.find((option) => option.code === optionCode);
  return (given?.octets ?? clientCookie).toHex();
}

export function hasServerCookie(cookie: string): boolean {
  return cookie.length > clientCookie.toHex().length;
}
