/** `nameward host delete` */

import { command, refused } from "./command.ts";
import { getHost } from "./find-things.ts";

export const hostDelete = command({
  words: "host delete",
  changes: true,
  summary: "Delete a host. Its name no longer resolves.",
  arguments: ["NAME"],
  example: "nameward host delete cam1.dyn.example.net",
  async run({ arguments: [text = ""], openStore }) {
    await using store = await openStore();
    const { name } = await getHost(store, text);
    if ((await store.removeHost(name)) === "not-found") {
      return refused(`The host ${name} was deleted meanwhile.`);
    }
    return { kind: "done", text: `Host ${name} is deleted.\n`, json: { name } };
  },
});
