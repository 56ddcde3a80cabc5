/** An account as an administrator sees it, and what each part of its page is given. */

import type { Reply } from "./api.ts";

export type User = Reply<"GET /users">["items"][number];

export interface UserProps {
  readonly user: User;
  /** Reads the account anew. */
  again(): void;
}
