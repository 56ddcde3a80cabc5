/** What a login accepts, for which hosts and from where, as the flags of `login add` say it. */

import { parseCidr } from "../base/address.ts";
import type { Cidr } from "../base/address.ts";
import type { Login, ProofKind } from "../core/login.ts";
import type { User } from "../core/user.ts";
import type { Store } from "../store/store.ts";
import { Refused, refused } from "./command.ts";
import { getHost } from "./find-things.ts";

const proofKinds: readonly ProofKind[] = ["token", "sha1", "md5", "gnudip"];

export function parseAccepts(text: string | undefined): readonly ProofKind[] {
  const kinds = new Set<ProofKind>();
  for (const part of splitList(text)) {
    const kind = proofKinds.find((each) => each === part.toLowerCase());
    if (kind !== undefined) {
      kinds.add(kind);
      continue;
    }
    const why = `${JSON.stringify(part)} in --accepts is no proof that a login can accept.`;
    throw new Refused(refused(why, `Wanted: ${proofKinds.join(", ")}, with commas between.`));
  }
  return [...kinds];
}

export function parseNetworks(text: string | undefined): readonly Cidr[] {
  return splitList(text).map((part) => {
    const cidr = parseCidr(part);
    if (cidr !== undefined) return cidr;
    const why = `${JSON.stringify(part)} in --from is not a network.`;
    throw new Refused(refused(why, "Wanted: as 192.0.2.0/24 or 2001:db8::/32."));
  });
}

function splitList(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(",").map((part) => part.trim());
}

export async function getHostIds(store: Store, text: string, user: User): Promise<Login["hosts"]> {
  const ids = new Set<number>();
  for (const part of text.split(",")) ids.add(await getHostIdOf(store, part, user));
  return [...ids];
}

export async function getDefaultHost(
  store: Store,
  text: string | undefined,
  user: User,
  hosts: Login["hosts"],
): Promise<Pick<Login, "defaultHost">> {
  if (text === undefined) return {};
  const defaultHost = await getHostIdOf(store, text, user);
  if (hosts === "all-of-user" || hosts.includes(defaultHost)) return { defaultHost };
  throw new Refused(refused(`The host ${text} is not among --hosts.`));
}

async function getHostIdOf(store: Store, text: string, user: User): Promise<number> {
  const host = await getHost(store, text);
  if (host.user === user.id) return host.id;
  const why = `The host ${host.name} does not belong to ${user.name}.`;
  throw new Refused(refused(why, `nameward host list --user ${user.name} shows the hosts.`));
}
