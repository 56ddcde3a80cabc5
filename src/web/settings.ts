/** Settings as their pages have them. */

import type { Reply } from "./api.ts";

export type Setting = Reply<"GET /settings">["items"][number];

/** What a change gave back takes the place of what was shown. */
export type PutSettings = (reply: Reply<"GET /settings">) => void;
