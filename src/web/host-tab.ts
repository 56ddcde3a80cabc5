/** What each part of a host's page is given. */

import type { Reply } from "./api.ts";

export type Host = Reply<"GET /hosts/{name}">;

export interface HostTabProps {
  readonly host: Host;
  /** A change that gives the host back as it is now; true where it was made. */
  change(what: () => Promise<Partial<Host>>): Promise<boolean>;
}
