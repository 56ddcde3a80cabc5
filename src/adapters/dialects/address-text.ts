/** Addresses that were parsed once and are text again, as dialects get them. */

/** Only IPv6 has colons (RFC 4291 §2.2). */
export function isV6(address: string): boolean {
  return address.includes(":");
}

export function findV4(addresses: readonly string[]): string | undefined {
  return addresses.find((address) => !isV6(address));
}

export function findV6(addresses: readonly string[]): string | undefined {
  return addresses.find(isV6);
}
