/** `nameward host set` */

import { printIdentifier } from "../core/interface-identifier.ts";
import { command, refused } from "./command.ts";
import { getHost, getIdentifier } from "./find-things.ts";

export const interfaceIdFlag = {
  value: "::1:2:3:4",
  doc: "What the host puts behind the IPv6 prefix that its router reports.",
} as const;

export const hostSet = command({
  words: "host set",
  changes: true,
  summary: "Change what is kept of a host. Its address follows with the next prefix.",
  arguments: ["NAME"],
  flags: {
    interfaceId: interfaceIdFlag,
    noInterfaceId: { doc: "It follows no prefix unless it is named with it." },
  },
  example: "nameward host set nas.dyn.example.net --interface-id ::211:32ff:fe12:3456",
  async run({ arguments: [text = ""], flags, openStore }) {
    if ((flags.interfaceId === undefined) === !flags.noInterfaceId) {
      const why = "nameward host set needs either --interface-id or --no-interface-id.";
      return { kind: "wrong-use", why, fix: `nameward host set ${text} --interface-id ::1:2:3:4` };
    }
    const identifier =
      flags.interfaceId === undefined ? undefined : getIdentifier(flags.interfaceId);
    await using store = await openStore();
    const { id, name } = await getHost(store, text);
    if ((await store.setInterface(id, identifier)) === "not-found") {
      return refused(`The host ${name} was deleted meanwhile.`);
    }
    const interfaceId = identifier === undefined ? null : printIdentifier(identifier);
    const says =
      interfaceId === null ? "has no interface identifier" : `is ${interfaceId} behind a prefix`;
    return { kind: "done", text: `Host ${name} ${says}.\n`, json: { name, interfaceId } };
  },
});
