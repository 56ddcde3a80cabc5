/** The addresses of a network interface of this machine. */

import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { addressFromOctets, parseAddress } from "../../base/address.ts";
import type { Address } from "../../base/address.ts";
import { failed, isAllowed, none } from "./judge.ts";
import type { Policy } from "./judge.ts";
import type { Family, Source } from "./source.ts";

export function makeInterfaceSource(name: string, policy: Policy): Source {
  return {
    name: `interface ${name}`,
    detect: async (family) => {
      const found = await findInterfaceAddresses(name, family);
      if (found === undefined) return failed(`there is no interface ${name}`);
      const address = choose(found, policy);
      if (address !== undefined) return { kind: "address", address };
      return none(`${name} has no IPv${family} address that stays and can be told`);
    },
  };
}

/**
 * Each of them is this machine's. IPv4: the first, which the system prefers. IPv6: global before
 * private, then the lowest, so that the choice stays as long as the address does.
 */
function choose(found: readonly Address[], policy: Policy): Address | undefined {
  const isGlobal = (address: Address): boolean => isAllowed(address, { mayBePrivate: false });
  const global = found.filter(isGlobal);
  const allowed = global.length > 0 ? global : found.filter((one) => isAllowed(one, policy));
  if (allowed[0]?.family === 4) return allowed[0];
  return allowed.toSorted((a, b) => Buffer.compare(a.octets, b.octets))[0];
}

async function findInterfaceAddresses(
  name: string,
  family: Family,
): Promise<readonly Address[] | undefined> {
  // An alias of old (`eth0:1`) is an address of its interface.
  const entries = Object.entries(networkInterfaces())
    .filter(([known]) => known === name || known.startsWith(`${name}:`))
    .map(([, addresses]) => addresses ?? []);
  if (family === 6) {
    const listed = await readIfInet6(name);
    if (listed !== undefined && (entries.length > 0 || listed.length > 0)) return listed;
  }
  if (entries.length === 0) return (await isOnLinux(name)) ? [] : undefined;
  return entries
    .flat()
    .filter((entry) => Number(String(entry.family).replace("IPv", "")) === family)
    .flatMap((entry) => parseAddress(entry.address.replace(/%.*$/, "")) ?? []);
}

/** Linux knows more of IPv6 addresses than the runtime tells. Undefined elsewhere, or without IPv6. */
async function readIfInet6(name: string): Promise<readonly Address[] | undefined> {
  try {
    return parseIfInet6(await readFile("/proc/net/if_inet6", "latin1"), name);
  } catch {
    return undefined;
  }
}

/** An interface that is down or has no address is not among those of the runtime. */
async function isOnLinux(name: string): Promise<boolean> {
  try {
    const text = await readFile("/proc/net/dev", "latin1");
    return text.split("\n").some((line) => line.trim().startsWith(`${name}:`));
  } catch {
    return false;
  }
}

/** `IFA_F_…` of linux/if_addr.h, as far as they stand in one octet. */
const flags = {
  temporary: 0x01,
  optimistic: 0x04,
  dadFailed: 0x08,
  deprecated: 0x20,
  tentative: 0x40,
};

/**
 * The addresses of one interface in `/proc/net/if_inet6`: address, interface index, prefix length, scope, flags
 * and name. Temporary addresses (RFC 8981) are for calling out and soon gone; deprecated ones are on
 * their way out (RFC 4862 §5.5.4); tentative ones may turn out to be another's (§5.4).
 */
export function parseIfInet6(text: string, name: string): readonly Address[] {
  return text.split("\n").flatMap((line) => {
    const [digits = "", , , , flagDigits = "", owner] = line.trim().split(/ +/);
    if (owner !== name || !/^[0-9a-f]{32}$/.test(digits)) return [];
    const set = parseInt(flagDigits, 16);
    const isPassing = (set & (flags.temporary | flags.deprecated | flags.dadFailed)) !== 0;
    const isTentative = (set & flags.tentative) !== 0 && (set & flags.optimistic) === 0;
    return isPassing || isTentative ? [] : [addressFromOctets(Buffer.from(digits, "hex"))];
  });
}
