/** Where a server of others is asked: an IP address, and a port where it is not the usual one. */

import { parseAddress } from "./address.ts";
import type { Address } from "./address.ts";

export interface ServerAddress {
  readonly address: Address;
  readonly port: number;
}

/** `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`. */
export function parseServerAddress(text: string, usualPort: number): ServerAddress | undefined {
  const alone = parseAddress(text);
  if (alone !== undefined) return { address: alone, port: usualPort };
  const parts = /^(?:\[([^[\]]+)\]|([^[\]:]+)):([1-9]\d{0,4})$/.exec(text);
  const port = Number(parts?.[3]);
  const address = parseAddress(parts?.[1] ?? parts?.[2] ?? "");
  if (address === undefined || !(port <= 65_535)) return undefined;
  // `[::ffff:192.0.2.1]:53` would be read as IPv4, which is written without brackets.
  if ((address.family === 6) !== (parts?.[1] !== undefined)) return undefined;
  return { address, port };
}

export function printServerAddress({ address, port }: ServerAddress, usualPort: number): string {
  if (port === usualPort) return address.text;
  return address.family === 6 ? `[${address.text}]:${port}` : `${address.text}:${port}`;
}
