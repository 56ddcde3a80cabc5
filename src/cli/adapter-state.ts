/** `nameward adapter enable`, `shadow` and `disable` */

import type { AdapterState } from "../core/stored-adapter.ts";
import { command } from "./command.ts";
import type { Command } from "./command.ts";
import { getAdapter } from "./find-adapter.ts";

export const adapterEnable = stateCommand(
  "enable",
  "enabled",
  "Put a rule of yours in force. It is tried before the built-in ones.",
);
export const adapterShadow = stateCommand(
  "shadow",
  "shadow",
  "Put a rule of yours on trial: what it would do is noted, and nothing is done.",
);
export const adapterDisable = stateCommand(
  "disable",
  "disabled",
  "Put a rule of yours aside, and keep it.",
);

function stateCommand(word: string, state: AdapterState, summary: string): Command {
  return command({
    words: `adapter ${word}`,
    changes: true,
    summary,
    arguments: ["ID"],
    example: `nameward adapter ${word} my-cameras`,
    async run({ arguments: [id = ""], openStore }) {
      await using store = await openStore();
      await getAdapter(store, id);
      await store.setAdapterState(id, state);
      return { kind: "done", text: `Adapter ${id} is ${words[state]}.\n`, json: { id, state } };
    },
  });
}

const words: Readonly<Record<AdapterState, string>> = {
  enabled: "in force",
  shadow: "on trial",
  disabled: "put aside",
};
