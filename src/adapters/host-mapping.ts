/** Which hosts a request names, and how their names are put together. */

import { parseHostName } from "../core/host-name.ts";
import type { Parameter } from "./parameters.ts";
import type { UpdateMapping } from "./rule.ts";
import { isAbsent, isAbsentHost } from "./sentinel.ts";
import { chooseValue, splitList } from "./value-list.ts";

/** As sent, see `UpdateRequest.hosts`; empty when none is named. */
export function mapHosts(
  parameters: readonly Parameter[],
  mapping: UpdateMapping,
): readonly string[] {
  const domain =
    mapping.domains === undefined
      ? undefined
      : chooseValue(parameters, mapping.domains, readUnless(isAbsent), isName);
  if (domain === undefined) {
    return chooseValue(parameters, mapping.hosts, readNames(isAbsentHost), areNames) ?? [];
  }
  const join = (label: string): string => joinName(label, domain);
  // Beside a domain, `1` and `yes` are labels.
  const labels = chooseValue(parameters, mapping.hosts, readNames(isAbsent), (some) =>
    areNames(some.map(join)),
  );
  return labels === undefined ? splitList(domain) : labels.map(join);
}

/** Namecheap writes the domain itself as `@`; some clients send the full name as the label. */
function joinName(label: string, domain: string): string {
  if (label === "@") return domain;
  const name = fold(label);
  const apex = fold(domain);
  return name === apex || name.endsWith(`.${apex}`) ? label : `${label}.${domain}`;
}

/** Names as they compare: without case and final dot. */
export function fold(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

function readNames(isNothing: (text: string) => boolean) {
  return (text: string): readonly string[] | undefined => {
    const names = isNothing(text) ? [] : splitList(text);
    return names.length === 0 ? undefined : names;
  };
}

function readUnless(isNothing: (text: string) => boolean) {
  return (text: string): string | undefined => (isNothing(text) ? undefined : text);
}

function areNames(names: readonly string[]): boolean {
  return names.every(isName);
}

function isName(name: string): boolean {
  return parseHostName(name) !== undefined;
}
