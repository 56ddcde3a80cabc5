/** `nameward host hold` */

import { command, refused } from "./command.ts";
import { getHost } from "./find-things.ts";

const whyCharactersMax = 500;

export const hostHold = command({
  words: "host hold",
  changes: true,
  summary:
    "Hold a host as whoever runs the service: its devices are told to stop, its addresses stay.",
  arguments: ["NAME"],
  flags: {
    why: { value: "TEXT", doc: "What its owner is told." },
    off: { doc: "Let it go." },
  },
  example: "nameward host hold cam1.dyn.example.net --why 'Reported for phishing.'",
  async run({ arguments: [text = ""], flags, openStore }) {
    const { off, why = "" } = flags;
    if (why.length > whyCharactersMax) {
      const tooLong = `--why has more than ${whyCharactersMax} characters.`;
      return { kind: "wrong-use", why: tooLong, fix: `nameward host hold ${text} --why TEXT` };
    }
    await using store = await openStore();
    const { id, name } = await getHost(store, text);
    const by = off ? undefined : "operator";
    if ((await store.hostNotes.setHeld(id, by, why)) === "not-found") {
      return refused(`The host ${name} was deleted meanwhile.`);
    }
    const says = off ? "is let go" : "is held";
    return { kind: "done", text: `Host ${name} ${says}.\n`, json: { name, isHeld: !off } };
  },
});
