/** The service cannot listen where it was told to; the message is for the operator. */

import type { DnsAddress } from "./thread-messages.ts";

export class CannotListen extends Error {
  override readonly name = "CannotListen";
  /** As the system names it, such as EADDRINUSE; empty when it is not known. */
  readonly code: string;

  constructor(message: string, options: ErrorOptions & { readonly code?: string } = {}) {
    super(message, options);
    this.code = options.code ?? "";
  }
}

/** What happened, and what to do about it. */
export function cannotListenForDns(address: DnsAddress, code: string, why: string): CannotListen {
  const { hostname, port } = address;
  const where = hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
  const reason = describe(code, port) ?? why;
  return new CannotListen(`Cannot listen for DNS on ${where}: ${reason}`, { code });
}

function describe(code: string, port: number): string | undefined {
  switch (code) {
    case "EADDRINUSE":
      return "another program uses this port. End it, or choose another address with --dns.";
    case "EACCES":
    case "EPERM":
      return (
        `this user may not use port ${port}. Give the process CAP_NET_BIND_SERVICE, ` +
        "or choose a port above 1023 with --dns."
      );
    case "EADDRNOTAVAIL":
      return "this machine does not have the address. Choose one that it has with --dns.";
    default:
      return undefined;
  }
}
