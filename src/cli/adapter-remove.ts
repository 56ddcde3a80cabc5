/** `nameward adapter remove` */

import { command } from "./command.ts";
import { getAdapter } from "./find-adapter.ts";

export const adapterRemove = command({
  words: "adapter remove",
  changes: true,
  summary: "Take a rule of yours away.",
  arguments: ["ID"],
  example: "nameward adapter remove my-cameras",
  async run({ arguments: [id = ""], openStore }) {
    await using store = await openStore();
    await getAdapter(store, id);
    await store.removeAdapter(id);
    return { kind: "done", text: `Adapter ${id} is taken away.\n`, json: { id } };
  },
});
