/** The filter of the list of hosts: words of the name, and `state:`, `zone:`, `owner:`, `address:`, `device:`, each with `-` for not. */

export const filterKeys = ["state", "zone", "owner", "address", "device"] as const;
export type FilterKey = (typeof filterKeys)[number];

export interface FilterTerm {
  /** Undefined: a part of the name. */
  readonly key: FilterKey | undefined;
  /** Lower case. */
  readonly text: string;
  readonly isNot: boolean;
}

/** What a term may look at. */
export interface FilteredHost {
  readonly name: string;
  readonly state: string;
  readonly zone: string;
  readonly owner: string;
  readonly addresses: readonly string[];
  readonly device: string;
}

export function parseFilter(text: string): readonly FilterTerm[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "" && word !== "-")
    .map((word) => {
      const isNot = word.startsWith("-");
      const rest = isNot ? word.slice(1) : word;
      const colon = rest.indexOf(":");
      const key = filterKeys.find((one) => one === rest.slice(0, Math.max(colon, 0)));
      return { key, text: key === undefined ? rest : rest.slice(colon + 1), isNot };
    });
}

export function isWanted(host: FilteredHost, terms: readonly FilterTerm[]): boolean {
  return terms.every((term) => fits(host, term) !== term.isNot);
}

function fits(host: FilteredHost, { key, text }: FilterTerm): boolean {
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
  }
}
