/** `nameward host list` */

import { wholeNumber } from "../config/setting-values.ts";
import { command } from "./command.ts";
import { getName, getUser, getZone } from "./find-things.ts";
import { printColumns } from "./print-columns.ts";
import { hostJson } from "./print-host.ts";

const hostsShown = 100;
const hostsShownMax = 10_000;
const parseLimit = wholeNumber(1, hostsShownMax);

export const hostList = command({
  words: "host list",
  summary: "List hosts in order of name.",
  flags: {
    user: { value: "USER", doc: "Only hosts of this user." },
    zone: { value: "APEX", doc: "Only hosts of this zone." },
    limit: {
      value: "N",
      doc: `At most so many; ${hostsShown} unless said, ${hostsShownMax} at most.`,
    },
    after: { value: "NAME", doc: "Begin behind this name: the last one of the page before." },
  },
  example: "nameward host list --zone dyn.example.net --limit 1000 --json",
  async run({ flags, openStore, warn }) {
    const limit = flags.limit === undefined ? hostsShown : parseLimit(flags.limit);
    if (limit === undefined) {
      const why = `--limit ${JSON.stringify(flags.limit)} is not a number of hosts.`;
      return { kind: "wrong-use", why, fix: `Wanted: a whole number from 1 to ${hostsShownMax}.` };
    }
    await using store = await openStore();
    const user = flags.user === undefined ? {} : { user: (await getUser(store, flags.user)).id };
    const zone = flags.zone === undefined ? {} : { zone: (await getZone(store, flags.zone)).id };
    const after = flags.after === undefined ? {} : { after: getName(flags.after) };
    // One more than asked for tells whether there is a next page.
    const found = await store.listHosts({ ...user, ...zone, ...after, limit: limit + 1 });
    const hosts = found.slice(0, limit);
    if (found.length > limit) warn(`There are more: --after ${hosts.at(-1)!.name}`);
    const zones = new Map((await store.listZones()).map(({ id, apex }) => [id, apex as string]));
    const users = new Map((await store.listUsers()).map(({ id, name }) => [id, name]));
    const json = hosts.map((host) =>
      hostJson(host, zones.get(host.zone) ?? "", users.get(host.user) ?? ""),
    );
    const rows = json.map((host) => [
      host.name,
      host.state,
      host.addresses.join(" ") || "-",
      host.user,
      host.changedAt ?? "never",
    ]);
    const titles = ["HOST", "STATE", "ADDRESSES", "USER", "CHANGED"];
    return { kind: "done", text: printColumns([titles, ...rows]), json };
  },
});
