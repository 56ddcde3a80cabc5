/** `nameward zone close` */

import { command, refused } from "./command.ts";
import { getZone } from "./find-things.ts";
import { getOpeningKind } from "./zone-open.ts";

export const zoneClose = command({
  words: "zone close",
  changes: true,
  summary: "Let nobody sign up in a zone any more. What has signed up stays.",
  arguments: ["APEX"],
  flags: { by: { value: "KIND", doc: "device or acme, as it was opened. Required." } },
  example: "nameward zone close auto.example.net --by device",
  async run({ arguments: [text = ""], flags, openStore }) {
    if (flags.by === undefined) {
      const fix = "nameward zone close APEX --by device";
      return { kind: "wrong-use", why: "nameward zone close needs --by.", fix };
    }
    const by = getOpeningKind(flags.by);
    await using store = await openStore();
    const { id, apex } = await getZone(store, text);
    if ((await store.closeZone(id, by)) === "not-found") {
      return refused(
        `The zone ${apex} is not open for ${by}.`,
        "nameward zone list shows which are.",
      );
    }
    return { kind: "done", text: `Zone ${apex} is closed for ${by}.\n`, json: { apex, by } };
  },
});
