/** `nameward adapter add` */

import { printMistake } from "../config/mistake.ts";
import { readAdapterDocument } from "./adapter-document.ts";
import { command, refused } from "./command.ts";
import { readTextInput } from "./read-text-input.ts";

export const adapterAdd = command({
  words: "adapter add",
  changes: true,
  summary:
    "Keep a rule for devices that no built-in rule knows, from YAML or JSON; - is standard input.",
  arguments: ["FILE"],
  flags: { enable: { doc: "In force at once, without a trial." } },
  notes: [
    "Every request that the file records must match the rule, or nothing is kept.",
    "The rule is on trial at first: what it would do is noted and shown by nameward adapter show.",
    "A server that runs follows within a second.",
  ],
  example: "nameward adapter add cameras.yaml",
  async run({ arguments: [file = ""], flags, io, openStore }) {
    const text = await readTextInput(file, io);
    const reading = readAdapterDocument(file, text);
    if (reading.kind === "mistakes") {
      const details = reading.mistakes.map(printMistake);
      return { kind: "refused", why: `Nothing is kept: ${file} has mistakes.`, details };
    }
    const { rule, requests } = reading.document;
    await using store = await openStore();
    const state = flags.enable ? "enabled" : "shadow";
    const outcome = await store.addAdapter({
      name: rule.id,
      rule: JSON.stringify(rule),
      requests: JSON.stringify(requests),
      state,
    });
    if (outcome.kind === "taken") {
      return refused(
        `There is an adapter ${rule.id} already.`,
        `Give it another id, or take the old one away: nameward adapter remove ${rule.id}`,
      );
    }
    if (outcome.kind === "refused") return refused(outcome.why);
    const next = flags.enable
      ? "It is in force."
      : `It is on trial: nameward adapter show ${rule.id}, then nameward adapter enable ${rule.id}`;
    return {
      kind: "done",
      text: `Adapter ${rule.id} is kept. ${next}\n`,
      json: { id: rule.id, state, requests: requests.length },
    };
  },
});
