/** The filter of the list of hosts: words of the name, and `state:`, `zone:`, `owner:`, `address:`, `device:`, `login:`, each with `-` for not. */

import { parseTerms } from "./filter-terms.ts";
import type { FilterTerm } from "./filter-terms.ts";

export const filterKeys = ["state", "zone", "owner", "address", "device", "login"] as const;
export type FilterKey = (typeof filterKeys)[number];

export type HostTerm = FilterTerm<FilterKey>;

/** What a term may look at. */
export interface FilteredHost {
  readonly name: string;
  readonly state: string;
  readonly zone: string;
  readonly owner: string;
  readonly addresses: readonly string[];
  readonly device: string;
  /** Whether the device login of this user name may update it. */
  isOf(username: string): boolean;
}

export function parseFilter(text: string): readonly HostTerm[] {
  return parseTerms(text, filterKeys);
}

export function isWanted(host: FilteredHost, terms: readonly HostTerm[]): boolean {
  return terms.every((term) => fits(host, term) !== term.isNot);
}

function fits(host: FilteredHost, { key, text, typed }: HostTerm): boolean {
  switch (key) {
    case undefined:
      return host.name.includes(text);
    case "state":
      return host.state === text;
    case "zone":
      return host.zone === text;
    case "owner":
      return host.owner === text;
    case "address":
      return host.addresses.some((address) => address.startsWith(text));
    case "device":
      return host.device.toLowerCase().includes(text);
    case "login":
      return host.isOf(typed);
  }
}
