/** Interface identifiers of hosts in the database. */

import type { Database } from "bun:sqlite";
import type { HostId } from "../core/host.ts";
import type { InterfaceIdentifier } from "../core/interface-identifier.ts";

interface InterfaceRow {
  readonly host: number;
  readonly identifier: Uint8Array;
}

export function findIdentifier(from: Database, host: HostId): InterfaceIdentifier | undefined {
  const row = from
    .query<InterfaceRow, [number]>("select host, identifier from host_interface where host = ?")
    .get(host);
  return row?.identifier;
}

/** Of the hosts that have one, in order of id. */
export function readIdentifiers(from: Database): readonly InterfaceRow[] {
  return from
    .query<InterfaceRow, []>("select host, identifier from host_interface order by host")
    .all();
}

/** False when it was so already. */
export function setIdentifier(
  to: Database,
  host: HostId,
  identifier: InterfaceIdentifier | undefined,
): boolean {
  const { changes } =
    identifier === undefined
      ? to.query("delete from host_interface where host = ?").run(host)
      : to
          .query(
            `insert into host_interface (host, identifier) values (?, ?)
               on conflict (host) do update set identifier = excluded.identifier
               where host_interface.identifier <> excluded.identifier`,
          )
          .run(host, identifier);
  return changes > 0;
}
