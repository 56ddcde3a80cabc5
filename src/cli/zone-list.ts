/** `nameward zone list` */

import { command } from "./command.ts";
import { printColumns } from "./print-columns.ts";

export const zoneList = command({
  words: "zone list",
  summary: "List the zones.",
  example: "nameward zone list --json",
  async run({ openStore }) {
    await using store = await openStore();
    const zones = await store.listZones();
    const rows = zones.map(({ apex, isPrivate, serial }) => [
      apex,
      isPrivate ? "private" : "public",
      String(serial),
    ]);
    return {
      kind: "done",
      text: printColumns([["ZONE", "KIND", "SERIAL"], ...rows]),
      json: zones.map(({ apex, isPrivate, serial }) => ({ apex, private: isPrivate, serial })),
    };
  },
});
