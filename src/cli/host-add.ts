/** `nameward host add` */

import { command, refused } from "./command.ts";
import { getEnclosingZone, getIdentifier, getName, getUser } from "./find-things.ts";
import { interfaceIdFlag } from "./host-set.ts";
import { hostJson } from "./print-host.ts";

export const hostAdd = command({
  words: "host add",
  changes: true,
  summary: "Make a host: a name whose address its device keeps up to date.",
  arguments: ["NAME"],
  flags: {
    user: { value: "USER", doc: "Whose host it is. Required." },
    interfaceId: interfaceIdFlag,
  },
  example: "nameward host add cam1.dyn.example.net --user alice",
  async run({ arguments: [text = ""], flags, openStore }) {
    const name = getName(text);
    if (flags.user === undefined) {
      const fix = `nameward host add ${name} --user USER`;
      return { kind: "wrong-use", why: "nameward host add needs --user.", fix };
    }
    const identifier =
      flags.interfaceId === undefined ? undefined : getIdentifier(flags.interfaceId);
    await using store = await openStore();
    const user = await getUser(store, flags.user);
    const zone = await getEnclosingZone(store, name);
    const outcome = await store.addHost(name, zone.id, user.id, true); // the operator knows best
    if (outcome.kind === "taken") return refused(`The host ${name} is there already.`);
    if (outcome.kind === "refused") return refused(outcome.why);
    if (identifier !== undefined) await store.setInterface(outcome.made.id, identifier);
    return {
      kind: "done",
      text: `Host ${name} is made. It has no address until its device reports one.\n`,
      json: hostJson(outcome.made, zone.apex, user.name),
    };
  },
});
