/** Finds what a command names, or ends the command with a sentence that says what is missing. */

import { findNearest } from "../config/nearest.ts";
import { parseHostName } from "../core/host-name.ts";
import type { HostName } from "../core/host-name.ts";
import type { Host } from "../core/host.ts";
import { parseIdentifier } from "../core/interface-identifier.ts";
import type { InterfaceIdentifier } from "../core/interface-identifier.ts";
import { parseUserName } from "../core/user.ts";
import type { User } from "../core/user.ts";
import type { Zone } from "../core/zone.ts";
import type { Store } from "../store/store.ts";
import { Refused, refused } from "./command.ts";

/** Hosts read at once. */
const pageHosts = 1_000;

/** A full host name or an apex, in the one form that is kept. */
export function getName(text: string): HostName {
  const name = parseHostName(text);
  if (name !== undefined) return name;
  const why = `${JSON.stringify(text)} is not a full host name.`;
  const fix = "Wanted: two labels or more of letters, digits and -, as cam1.dyn.example.net.";
  throw new Refused(refused(why, fix));
}

export function getIdentifier(text: string): InterfaceIdentifier {
  const identifier = parseIdentifier(text);
  if (identifier !== undefined) return identifier;
  const why = `${JSON.stringify(text)} is no interface identifier.`;
  const fix = "Wanted: the end of an IPv6 address, its prefix left out, as ::1:2:3:4.";
  throw new Refused(refused(why, fix));
}

export async function getZone(store: Store, text: string): Promise<Zone> {
  const apex = getName(text);
  const zones = await store.listZones();
  const zone = zones.find((each) => each.apex === apex);
  if (zone !== undefined) return zone;
  const nearest = findNearest(
    apex,
    zones.map((each) => each.apex),
  );
  const fix =
    nearest === undefined ? `Make it: nameward zone add ${apex}` : `Did you mean ${nearest}?`;
  throw new Refused(refused(`There is no zone ${apex}.`, fix));
}

/** The zone that a host of this name belongs to: the one with the longest apex above it. */
export async function getEnclosingZone(store: Store, name: HostName): Promise<Zone> {
  const above = (await store.listZones()).filter(
    ({ apex }) => name === apex || name.endsWith(`.${apex}`),
  );
  const zone = above.sort((a, b) => b.apex.length - a.apex.length)[0];
  if (zone !== undefined) return zone;
  throw new Refused(
    refused(
      `${name} is in no zone of this service.`,
      "nameward zone list shows the zones; nameward zone add makes one.",
    ),
  );
}

export async function getUser(store: Store, text: string): Promise<User> {
  const users = await store.listUsers();
  const name = parseUserName(text);
  const user = users.find((each) => each.name === name);
  if (user !== undefined) return user;
  const nearest = findNearest(
    text,
    users.map((each) => each.name),
  );
  const fix =
    nearest === undefined
      ? `Make the account: nameward user add ${name ?? "NAME"} --password-stdin`
      : `Did you mean ${nearest}?`;
  throw new Refused(refused(`There is no user ${JSON.stringify(text)}.`, fix));
}

export async function getHost(store: Store, text: string): Promise<Host> {
  const name = getName(text);
  const host = await store.findHost(name);
  if (host !== undefined) return host;
  throw new Refused(
    refused(`There is no host ${name}.`, `Make it: nameward host add ${name} --user USER`),
  );
}

/** Every host of a zone or user, page by page. */
export async function* readHosts(
  store: Store,
  filter: { readonly user?: number; readonly zone?: number },
): AsyncGenerator<Host> {
  let after: HostName | undefined;
  for (;;) {
    const page = { ...filter, limit: pageHosts, ...(after === undefined ? {} : { after }) };
    const hosts = await store.listHosts(page);
    yield* hosts;
    if (hosts.length < pageHosts) return;
    after = hosts.at(-1)!.name;
  }
}
