/** Device logins as the API tells them. */

import type { Reply } from "./api.ts";

export type Login = Reply<"GET /logins">["items"][number];

/** With its password, once. */
export type MadeLogin = Reply<"POST /logins"> & {
  /** Whose place it takes. */
  readonly replaces?: Login;
};
