/** An adapter as the list has it, and what states there are. */

import type { Reply } from "./api.ts";

export type Adapter = Reply<"GET /adapters">["items"][number];
/** What an adapter of the operator may be set to. */
export type OwnState = Exclude<Adapter["state"], "built-in">;

/** What the search means: words of name, path, dialect or state, all of them. */
export function fitsSearch({ id, state, dialect, paths }: Adapter, q: string): boolean {
  const text = [id, state, dialect, ...paths].join(" ").toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) =>
      word === "state:own" ? state !== "built-in" : text.includes(word.replace(/^state:/, "")),
    );
}
