/** A list by pages of a keyset, one under the other; what was loaded goes with the search it is of. */

import { useState } from "preact/hooks";
import { call, troubleOf } from "./api.ts";
import type { Given, Reply, Trouble } from "./api.ts";
import { useAsked } from "./asked.ts";
import type { Asked } from "./asked.ts";

/** Lists with pages, and what their rows are. */
interface Rows {
  readonly "GET /users": Reply<"GET /users">["items"][number];
  readonly "GET /audit": Reply<"GET /audit">["items"][number];
  readonly "GET /zones/{zone}/records": Reply<"GET /zones/{zone}/records">["items"][number];
  readonly "GET /account/audit": Reply<"GET /account/audit">["items"][number];
  readonly "GET /channels/{id}/deliveries": Reply<"GET /channels/{id}/deliveries">["items"][number];
  readonly "GET /logins": Reply<"GET /logins">["items"][number];
}

interface Page<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
}

export interface Keyset<Row> {
  /** Undefined: not there yet. */
  readonly rows: readonly Row[] | undefined;
  readonly trouble: Trouble | undefined;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  more(): void;
  again(): void;
}

interface Rest<Row> {
  readonly of: string;
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** `q` is what the question's `filter` holds. */
export function useKeyset<Key extends keyof Rows>(
  key: Key,
  q: string,
  parameters: Readonly<Record<string, string>> = {},
  filter = "q",
): Keyset<Rows[Key]> {
  // The compiler does not follow a key through the contract to its rows; the table above does.
  type PageOf = Page<Rows[Key]>;
  const given = (after?: string) =>
    ({ parameters, query: { [filter]: q, after } }) as unknown as Given<Key>;
  const of = JSON.stringify([parameters, q]);
  const first = useAsked(key, given()) as unknown as Asked<PageOf>;
  const [rest, setRest] = useState<Rest<Rows[Key]>>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [isLoading, setLoading] = useState(false);
  const mine = rest?.of === of ? rest : undefined;
  const next = mine === undefined ? (first.value?.next ?? null) : mine.next;
  const more = async (): Promise<void> => {
    if (next === null) return;
    setLoading(true);
    setTrouble(undefined);
    try {
      const page = (await call(key, given(next))) as unknown as PageOf;
      setRest({ of, rows: [...(mine?.rows ?? []), ...page.items], next: page.next });
    } catch (error) {
      setTrouble(troubleOf(error));
    } finally {
      setLoading(false);
    }
  };
  return {
    rows: first.value === undefined ? undefined : [...first.value.items, ...(mine?.rows ?? [])],
    trouble: first.trouble ?? trouble,
    hasMore: next !== null,
    isLoading,
    more: () => void more(),
    again: () => {
      setRest(undefined);
      first.again();
    },
  };
}
