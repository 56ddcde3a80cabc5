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
    const users = new Map((await store.listUsers()).map(({ id, name }) => [id, name]));
    const json = zones.map(({ apex, isPrivate, serial, openings = [] }) => ({
      apex,
      private: isPrivate,
      serial,
      open: openings.map(({ by, user, hostsMax }) => ({
        by,
        user: users.get(user) ?? "",
        hostsMax,
      })),
    }));
    const rows = json.map((zone) => [
      zone.apex,
      zone.private ? "private" : "public",
      String(zone.serial),
      zone.open.map(({ by, user }) => `${by} for ${user}`).join(", "),
    ]);
    return {
      kind: "done",
      text: printColumns([["ZONE", "KIND", "SERIAL", "OPEN"], ...rows]),
      json,
    };
  },
});
