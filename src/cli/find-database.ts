/** Whether there is a database to open, without making one. */

import { existsSync } from "node:fs";

import { parseStoreUrl } from "../store/data-folder.ts";

/** Its path, when the file is there. */
export function findDatabase(url: string): string | undefined {
  const path = parseStoreUrl(url);
  return path !== undefined && existsSync(path) ? path : undefined;
}
