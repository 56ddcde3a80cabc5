/** A channel that tells the account of things, and what it may tell. */

import type { Reply } from "./api.ts";

export type Channel = Reply<"GET /channels">["items"][number];

/** A new channel tells all there is to tell. */
export const channelEvents = [
  "silent",
  "recovered",
  "held",
  "new-login",
  "failed-authentication",
] as const;
