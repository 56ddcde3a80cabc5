/** `nameward zone open` */

import type { OpeningKind } from "../core/zone.ts";
import { Refused, command, refused } from "./command.ts";
import { getUser, getZone } from "./find-things.ts";

const hostsMaxFallback = 1_000;

/** Who signs up, as `--by` names it, and as a sentence does. */
const kinds: Readonly<Record<OpeningKind, string>> = {
  device: "devices (MintAuto)",
  acme: "programs (acme-dns)",
};

export const zoneOpen = command({
  words: "zone open",
  changes: true,
  summary: "Let devices or ACME programs sign up by themselves in a zone.",
  arguments: ["APEX"],
  flags: {
    for: { value: "USER", doc: "Whose hosts and logins are made. Required." },
    by: { value: "KIND", doc: "device: MintAuto recorders; acme: acme-dns clients. Required." },
    hostsMax: {
      value: "N",
      doc: `No more hosts of the user than this in the zone (default ${hostsMaxFallback}).`,
    },
  },
  notes: [
    "Everybody who reaches the device port can then make hosts there, ten in a minute.",
    "device: the opaque key of a recorder is its only secret, and it goes over plain HTTP.",
    "acme: a host with a random name that can hold challenges, and no address.",
    "Give them a zone and a user of their own. Said again, it changes the number of hosts.",
  ],
  example: "nameward zone open auto.example.net --for recorders --by device --hosts-max 200",
  async run({ arguments: [text = ""], flags, openStore }) {
    if (flags.for === undefined || flags.by === undefined) {
      const fix = "nameward zone open APEX --for USER --by device";
      return { kind: "wrong-use", why: "nameward zone open needs --for and --by.", fix };
    }
    const by = getOpeningKind(flags.by);
    const hostsMax = parseHostsMax(flags.hostsMax);
    await using store = await openStore();
    const zone = await getZone(store, text);
    const user = await getUser(store, flags.for);
    const outcome = await store.openZone(zone.id, { by, user: user.id, hostsMax });
    if (outcome.kind === "refused") return refused(outcome.why);
    if (outcome.kind === "taken") {
      const why = `The zone ${zone.apex} is open for hosts of another user.`;
      return refused(why, `Close it first: nameward zone close ${zone.apex} --by ${by}`);
    }
    return {
      kind: "done",
      text: `Zone ${zone.apex} takes up to ${hostsMax} hosts of ${kinds[by]}, for ${user.name}.\n`,
      json: { apex: zone.apex, by, user: user.name, hostsMax },
    };
  },
});

export function getOpeningKind(text: string): OpeningKind {
  if (text === "device" || text === "acme") return text;
  const why = `${JSON.stringify(text)} in --by is nobody who can sign up.`;
  throw new Refused(refused(why, "Wanted: device or acme."));
}

function parseHostsMax(text: string | undefined): number {
  if (text === undefined) return hostsMaxFallback;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  const why = `${JSON.stringify(text)} in --hosts-max is no number of hosts.`;
  throw new Refused(refused(why, "Wanted: a whole number from 1 to 9999999."));
}
