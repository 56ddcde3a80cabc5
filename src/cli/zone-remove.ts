/** `nameward zone remove` */

import { command } from "./command.ts";
import { getZone, readHosts } from "./find-things.ts";

export const zoneRemove = command({
  words: "zone remove",
  changes: true,
  summary: "Remove a zone with all its records and hosts.",
  arguments: ["APEX"],
  flags: { yes: { doc: "Do it. Without it the command only says what would go." } },
  example: "nameward zone remove dyn.example.net --yes",
  async run({ arguments: [text = ""], flags, openStore }) {
    await using store = await openStore();
    const zone = await getZone(store, text);
    let hosts = 0;
    for await (const _host of readHosts(store, { zone: zone.id })) hosts++;
    if (!flags.yes) {
      const why = `The zone ${zone.apex} with ${hosts} hosts would be gone for good.`;
      return { kind: "refused", why, fix: "Say --yes to remove it." };
    }
    await store.removeZone(zone.id);
    return {
      kind: "done",
      text: `Zone ${zone.apex} with ${hosts} hosts is removed.\n`,
      json: { apex: zone.apex, hosts },
    };
  },
});
