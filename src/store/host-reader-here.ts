/** Hosts read in this thread: for a store that has no other. */

import { HostColumns } from "../core/host-columns.ts";
import { HostReader, hostsPerBatch } from "./host-reader.ts";
import type { HostReaderLink } from "./host-reader.ts";

export function linkHostReaderHere(path: string): HostReaderLink {
  const reader = new HostReader(path);
  const columns = HostColumns.make(hostsPerBatch);
  return {
    // `async`, so that what is thrown becomes a rejection, as from a thread.
    begin: async () => reader.begin(),
    next: async () => {
      reader.fill(columns);
      return columns.rows === 0 ? undefined : columns;
    },
    [Symbol.dispose]: () => reader[Symbol.dispose](),
  };
}
