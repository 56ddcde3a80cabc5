/** `nameward zone ds` */

import { command } from "./command.ts";
import { getZone } from "./find-things.ts";
import { getSigning, parentRecords } from "./print-keys.ts";

export const zoneDs = command({
  words: "zone ds",
  summary: "Print the DS records that the parent of a signed zone shall have.",
  arguments: ["APEX"],
  notes: ["Nothing is printed while nameward zone unsign waits: then the parent shall have none."],
  example: "nameward zone ds dyn.example.net",
  async run({ arguments: [text = ""], openStore }) {
    await using store = await openStore();
    const zone = await getZone(store, text);
    const keys = await store.listKeys(zone.id);
    getSigning(zone, keys);
    const { ds, dnskey } = parentRecords(zone, keys);
    return {
      kind: "done",
      text: ds.map((line) => `${line}\n`).join(""),
      json: { apex: zone.apex, ds, dnskey },
    };
  },
});
