/** Finds a rule of the operator, or ends the command with a sentence that says which there are. */

import { findNearest } from "../config/nearest.ts";
import type { StoredAdapter } from "../core/stored-adapter.ts";
import type { Store } from "../store/store.ts";
import { Refused, refused } from "./command.ts";

export async function getAdapter(store: Store, id: string): Promise<StoredAdapter> {
  const adapters = await store.listAdapters();
  const adapter = adapters.find(({ name }) => name === id);
  if (adapter === undefined) throw new Refused(noSuchAdapter(id, adapters));
  return adapter;
}

function noSuchAdapter(id: string, adapters: readonly StoredAdapter[]) {
  const nearest = findNearest(
    id,
    adapters.map(({ name }) => name),
  );
  const fix =
    nearest === undefined ? "nameward adapter list shows them." : `Did you mean ${nearest}?`;
  return refused(`There is no adapter ${JSON.stringify(id)}.`, fix);
}
