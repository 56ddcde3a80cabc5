/** API tokens as the API tells them. */

import type { Reply } from "./api.ts";

export type Token = Reply<"GET /tokens">["items"][number];
/** With its secret, once. */
export type MadeToken = Reply<"POST /tokens">;
