/**
 * GnuDIP, whatever carries it: a salt of ours goes out, and comes back with a digest of the password's digest and
 * the salt. A host is called by user name and domain, `USER.DOMAIN`.
 */

import type { Address } from "../base/address.ts";
import { makeSecretText } from "../base/chance.ts";
import type { Chance } from "../base/chance.ts";
import { parseHostName } from "../core/host-name.ts";
import type { Credential } from "../core/login.ts";
import type { RegistrationOrigin } from "../core/registration.ts";
import { overall } from "./dialects/overall.ts";
import { plainUpdate } from "./talk.ts";
import { isAbsentAddress } from "./sentinel.ts";
import type { ListedHost, Service } from "./update-service.ts";

/** As long as the original's; clients have room for that. */
const saltCharacters = 10;

export function makeSalt(chance: Chance): string {
  return makeSecretText(chance, saltCharacters);
}

/** What a client brings back. Texts as sent. */
export interface GnudipAnswer {
  readonly user: string;
  /** 32 hex digits, see `Credential`. */
  readonly digest: string;
  /** Known to be ours. */
  readonly salt: string;
  readonly domain: string;
  /** `0`: this address; `1`: offline; `2`: the address it comes from, which it wants to be told. */
  readonly requestCode: string;
  /** Also with `0` it may be empty (ez-ipupdate): the address it comes from. */
  readonly address: string;
}

export type GnudipResult =
  | { readonly code: "0"; readonly address: string }
  /** A wrong login, and whatever else is refused. */
  | { readonly code: "1" }
  | { readonly code: "2" }
  | "try-later";

export async function takeGnudipAnswer(
  answer: GnudipAnswer,
  from: RegistrationOrigin,
  service: Service,
): Promise<GnudipResult> {
  const wanted = readWanted(answer);
  if (wanted === undefined || answer.user === "" || !isDigest(answer.digest)) return refused;
  const meant = await findMeant(answer, from.peer, service);
  if (meant === "try-later") return meant;
  const { credential, host } = meant;
  const update = plainUpdate({ ...from, credential, hosts: [host], ...wanted });
  const outcome = overall(await service.takeUpdate(update));
  if (outcome.kind === "try-later") return outcome.kind;
  if (outcome.kind !== "changed" && outcome.kind !== "unchanged") return refused;
  if (wanted.offline) return { code: "2" };
  return { code: "0", address: outcome.addresses[0] ?? from.peer.text };
}

const refused = { code: "1" } as const;

function readWanted({
  requestCode,
  address,
}: GnudipAnswer): { readonly addresses: readonly string[]; readonly offline: boolean } | undefined {
  switch (requestCode) {
    case "0":
      return { addresses: isAbsentAddress(address) ? [] : [address], offline: false };
    case "1":
      return { addresses: [], offline: true };
    case "2":
      return { addresses: [], offline: false };
    default:
      return undefined;
  }
}

function isDigest(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}

interface Meant {
  readonly credential: Credential;
  readonly host: string;
}

/**
 * GnuDIP knows no other name of a login than the host's, and ours are unique among all users: so the login may be
 * called as the whole host (`cam1.example.test`) as well. And one with a name of its own may send the whole host as
 * the domain. The first that the secret fits is meant; without any the service is asked all the same, and says no.
 */
async function findMeant(
  answer: GnudipAnswer,
  peer: Address,
  service: Service,
): Promise<Meant | "try-later"> {
  const { user, domain } = answer;
  const whole = domain === "" ? user : `${user}.${domain}`;
  for (const username of new Set([user, whole])) {
    const credential = makeCredential(answer, username);
    const listing = await service.listHosts(credential, peer);
    if (listing.kind === "try-later") return listing.kind;
    if (listing.kind === "bad-credentials") continue;
    const isDomainMeant = !isListed(listing.hosts, whole) && isListed(listing.hosts, domain);
    return { credential, host: isDomainMeant ? domain : whole };
  }
  return { credential: makeCredential(answer, user), host: whole };
}

function makeCredential({ salt, digest }: GnudipAnswer, username: string): Credential {
  return { kind: "gnudip", username, salt, digest: digest.toLowerCase() };
}

function isListed(hosts: readonly ListedHost[], text: string): boolean {
  const wanted = parseHostName(text);
  return hosts.some(({ name }) => name === wanted);
}
