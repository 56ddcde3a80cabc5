/** Hosts in columns as objects, for comparing. Reads the columns only, so that it shares nothing with who takes them in. */

import { hasV4, hasV6, isFixed, isHeld } from "../src/core/host-columns.ts";
import type { HostColumns } from "../src/core/host-columns.ts";
import type { HostName } from "../src/core/host-name.ts";
import type { Host } from "../src/core/host.ts";

/** What columns say of a host. */
export type KeptHost = Omit<Host, "createdAtMs">;

export function keptOf(host: Host): KeptHost {
  const { id, zone, user, name, isBlocked, isFixed, changedAtMs, v4, v6 } = host;
  return { id, zone, user, name, isBlocked, isFixed, changedAtMs, v4, v6 };
}

export function readColumns(columns: HostColumns): readonly KeptHost[] {
  return Array.from({ length: columns.rows }, (_, row) => {
    const flags = columns.flags[row]!;
    const name = columns.names.slice(columns.nameStart(row), columns.nameEnd(row));
    return {
      id: columns.ids[row]!,
      zone: columns.zones[row]!,
      user: columns.users[row]!,
      name: new TextDecoder("latin1").decode(name) as HostName,
      isBlocked: (flags & isHeld) !== 0,
      isFixed: (flags & isFixed) !== 0,
      changedAtMs: columns.changedAtMs[row]! || undefined,
      v4: (flags & hasV4) === 0 ? undefined : columns.v4.slice(row * 4, row * 4 + 4),
      v6: (flags & hasV6) === 0 ? undefined : columns.v6.slice(row * 16, row * 16 + 16),
    };
  });
}
