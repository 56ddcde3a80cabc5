/** A zone as pages have it. */

import type { Reply } from "./api.ts";
import { texts } from "./texts.ts";

export type Zone = Reply<"GET /zones/{zone}">;

export interface ZoneProps {
  readonly zone: Zone;
  /** Reads it anew, after a change. */
  again(): void;
}

export function zoneHref(name: string): string {
  return `/admin/zones/${encodeURIComponent(name)}`;
}

/** Who may make hosts in it. */
export function printOpen({ isShared, openFor }: Pick<Zone, "isShared" | "openFor">): string {
  const { open } = texts.zones;
  const who = [...(isShared ? [open.people] : []), ...openFor.map((by) => open[by])];
  return who.length === 0 ? open.nobody : who.join(", ");
}
