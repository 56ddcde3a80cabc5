/** Addresses to listen on: an IP address and a port. */

import { parseAddress } from "../base/address.ts";

export interface ListenAddress {
  /** Canonical, without brackets. */
  readonly hostname: string;
  /** 0: any free port. */
  readonly port: number;
  /** `127.0.0.1:8080` or `[::1]:8080`. */
  readonly text: string;
}

/**
 * `127.0.0.1:8080` or `[::1]:8080`. No names: what `localhost` means differs between machines, and a
 * listener must not depend on a resolver.
 */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const parts = /^(?:\[([^[\]]+)\]|([^[\]:]+)):(0|[1-9]\d{0,4})$/.exec(text);
  if (parts === null) return undefined;
  const port = Number(parts[3]);
  if (port > 65_535) return undefined;
  const address = parseAddress(parts[1] ?? parts[2] ?? "");
  if (address === undefined) return undefined;
  // `[::ffff:192.0.2.1]:53` would be read as IPv4, which is written without brackets.
  if ((address.family === 6) !== (parts[1] !== undefined)) return undefined;
  const host = address.family === 6 ? `[${address.text}]` : address.text;
  return { hostname: address.text, port, text: `${host}:${port}` };
}

/** Whether both would take the same TCP port. `0.0.0.0` takes it on every IPv4 address. */
export function isOverlapping(a: ListenAddress, b: ListenAddress): boolean {
  if (a.port !== b.port || a.port === 0) return false;
  if (a.hostname === b.hostname) return true;
  const isV6 = a.hostname.includes(":");
  if (isV6 !== b.hostname.includes(":")) return false;
  const every = isV6 ? "::" : "0.0.0.0";
  return a.hostname === every || b.hostname === every;
}
