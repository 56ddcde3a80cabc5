/** `nameward host fix` */

import { command, refused } from "./command.ts";
import { getHost } from "./find-things.ts";

export const hostFix = command({
  words: "host fix",
  changes: true,
  summary: "Keep a host's addresses: what its device reports is recorded and not applied.",
  arguments: ["NAME"],
  flags: { off: { doc: "It follows its device again." } },
  example: "nameward host fix cam1.dyn.example.net",
  async run({ arguments: [text = ""], flags, openStore }) {
    await using store = await openStore();
    const { id, name } = await getHost(store, text);
    const isFixed = !flags.off;
    if ((await store.hostNotes.setFixed(id, isFixed)) === "not-found") {
      return refused(`The host ${name} was deleted meanwhile.`);
    }
    const says = isFixed ? "is fixed" : "follows its device";
    return { kind: "done", text: `Host ${name} ${says}.\n`, json: { name, isFixed } };
  },
});
