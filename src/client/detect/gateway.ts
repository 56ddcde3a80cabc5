/** The router that this machine sends everything to. */

import { readFile } from "node:fs/promises";
import { endianness } from "node:os";
import { addressFromOctets } from "../../base/address.ts";
import type { Address } from "../../base/address.ts";

/** The IPv4 gateway of the default route. Undefined without one, and where the system is not Linux. */
export async function findGateway(): Promise<Address | undefined> {
  try {
    return parseRoutes(await readFile("/proc/net/route", "latin1"));
  } catch {
    return undefined;
  }
}

const flagGateway = 0x2; // RTF_GATEWAY

/** `/proc/net/route`: interface, destination, gateway, flags, …, metric, mask. Addresses in the order of the machine. */
export function parseRoutes(text: string): Address | undefined {
  const routes = text.split("\n").flatMap((line) => {
    const [, destination, gateway = "", flags = "", , , metric, mask] = line.split(/\s+/);
    const isDefault = destination === "00000000" && mask === "00000000";
    if (!isDefault || (parseInt(flags, 16) & flagGateway) === 0) return [];
    return /^[0-9A-F]{8}$/i.test(gateway) ? [{ gateway, metric: Number(metric) }] : [];
  });
  const [best] = routes.toSorted((a, b) => a.metric - b.metric);
  if (best === undefined) return undefined;
  const octets = Buffer.from(best.gateway, "hex");
  return addressFromOctets(endianness() === "LE" ? octets.reverse() : octets);
}
