/** `nameward zone keys` */

import { command } from "./command.ts";
import { getZone } from "./find-things.ts";
import { printColumns } from "./print-columns.ts";
import { keysJson, printNext } from "./print-keys.ts";
import { printTime } from "./print-host.ts";

export const zoneKeys = command({
  words: "zone keys",
  summary: "List the keys of a zone, and say what the next step is and from when it may be taken.",
  arguments: ["APEX"],
  example: "nameward zone keys dyn.example.net",
  async run({ arguments: [text = ""], openStore }) {
    await using store = await openStore();
    const zone = await getZone(store, text);
    const keys = await store.listKeys(zone.id);
    const rows = keys.map(({ keyTag, algorithm, state, stateSinceMs }) => [
      String(keyTag),
      String(algorithm),
      state,
      printTime(stateSinceMs) ?? "",
    ]);
    const table = keys.length === 0 ? "" : printColumns([titles, ...rows]);
    return {
      kind: "done",
      text: `${table}${printNext(zone, keys)}\n`,
      json: keysJson(zone, keys),
    };
  },
});

const titles = ["TAG", "ALGORITHM", "STATE", "SINCE"];
