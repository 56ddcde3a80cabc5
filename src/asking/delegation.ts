/** What a zone wants of its parent, as the zone is here; and what was found of it. */

import type { Address } from "../base/address.ts";
import type { Name } from "../dns/name.ts";
import { printRdata, types } from "../dns/record-types.ts";
import type { Transport } from "./ask-dns.ts";

/** A zone as it is served here. */
export interface ZoneHere {
  readonly apex: Name;
  /** NS at the apex. */
  readonly nameServers: readonly NameServer[];
  /** RDATA of the DS records that the parent shall have; none while the zone is unsigned. */
  readonly ds: readonly Uint8Array[];
  /** DS of every key that the zone has, those included that the parent shall not name any more. */
  readonly dsOfKeys: readonly Uint8Array[];
  /** The serial that is served now. */
  serial(): number;
}

export interface NameServer {
  readonly name: Name;
  /** As the zone says them; undefined for a name outside it. */
  readonly addresses: readonly Address[] | undefined;
}

/** Lines for the parent, as its registrar takes them. */
export interface Wanted {
  readonly ns: readonly string[];
  readonly glue: readonly string[];
  readonly ds: readonly string[];
  /** Name servers in the zone that have no address: nobody can find them. */
  readonly withoutAddress: readonly string[];
}

export function makeWanted({ apex, nameServers, ds }: ZoneHere): Wanted {
  return {
    ns: nameServers.map(({ name }) => `${apex} IN NS ${name}`),
    // RFC 1034 §4.2.1: the address of a server in the zone is found by nobody unless the parent tells it.
    glue: nameServers.flatMap(({ name, addresses = [] }) =>
      addresses.map(({ family, text }) => `${name} IN ${family === 4 ? "A" : "AAAA"} ${text}`),
    ),
    ds: ds.map((rdata) => `${apex} IN DS ${printRdata(types.DS, rdata)}`),
    withoutAddress: nameServers
      .filter(({ addresses }) => addresses?.length === 0)
      .map(({ name }) => plain(name)),
  };
}

export interface DelegationRow {
  /** A server of the parent, a name server of the zone, or a resolver that the operator names. */
  readonly role: "parent" | "own" | "resolver";
  readonly server: string;
  /** Undefined: none is known. */
  readonly address: Address | undefined;
  readonly transport: Transport;
  readonly finding: Finding;
}

export interface Finding {
  /** Undefined: it could not be asked from here. */
  readonly isGood: boolean | undefined;
  /** A sentence, or more. */
  readonly says: string;
}

export interface Delegation {
  readonly wanted: Wanted;
  /** Undefined: nobody could say. */
  readonly parent: Name | undefined;
  /** Why the parent could not be asked. */
  readonly fault: string | undefined;
  readonly rows: readonly DelegationRow[];
}

/** A name as people write it, without the final dot. */
export function plain(name: Name): string {
  return name.isRoot ? "." : name.toString().slice(0, -1);
}
