/**
 * GnuDIP over TCP 3495: we say a salt, the client answers `user:digest:domain:request[:address]`, we say what became of
 * it in one digit. The host is `user.domain`, or `domain` alone where the login's name is not its label; the digest is `md5hex(md5hex(password) + "." + salt)`.
 */

import type { Address } from "../../base/address.ts";
import type { Chance } from "../../base/chance.ts";
import { makeSecretText } from "../../base/chance.ts";
import { credentialOctetsMax } from "../credential.ts";
import { plainUpdate } from "../talk.ts";
import type { Said, Talk } from "../talk.ts";
import type { HostListing, Service } from "../update-service.ts";

/** As the reference server has it. */
const saltCharacters = 10;

/** Requests: 0 has an address (ez-ipupdate leaves it out), 1 goes offline, 2 wants the address it came from. */
const withAddress = "0";
const offline = "1";
const ownAddress = "2";

const done = "0";
const refused = "1";
const wentOffline = "2";

export function beginGnudip(service: Service, peer: Address, chance: Chance): Talk {
  const salt = makeSecretText(chance, saltCharacters);
  return {
    greeting: `${salt}\n`,
    hear: (line) => answer(line, salt, service, peer),
  };
}

async function answer(line: string, salt: string, service: Service, peer: Address): Promise<Said> {
  const [user = "", digest = "", domain = "", request = "", ...address] = line.trim().split(":");
  const isKnown = request === withAddress || request === offline || request === ownAddress;
  if (!isKnown || !isDigest(digest) || user === "" || line.length > credentialOctetsMax) {
    return last(refused);
  }
  // An IPv6 address has colons of its own.
  const sent = request === withAddress ? address.join(":") : "";
  const credential = {
    kind: "gnudip",
    username: user,
    salt,
    digest: digest.toLowerCase(),
  } as const;
  const outcome = await service.takeUpdate(
    plainUpdate({
      credential,
      hosts: [chooseHost(user, domain, await service.listHosts(credential, peer))],
      addresses: sent === "" || sent === "0.0.0.0" ? [] : [sent],
      offline: request === offline,
      peer,
      adapter: "gnudip-tcp",
    }),
  );
  // The protocol has no word for "later": a client that finds the connection closed tries again.
  if (outcome.kind === "try-later") return { text: "", isLast: true };
  const [host] = outcome.kind === "hosts" ? outcome.hosts : [];
  if (host?.kind !== "changed" && host?.kind !== "unchanged") return last(refused);
  if (request === offline) return last(wentOffline);
  return last(request === ownAddress ? `${done}:${peer.text}` : done);
}

/** GnuDIP has a user for each host. A login of ours has a name of its own, and then the domain names the host. */
export function chooseHost(user: string, domain: string, listing: HostListing): string {
  const whole = domain === "" ? user : `${user}.${domain}`;
  if (listing.kind !== "hosts") return whole;
  const names = new Set(listing.hosts.map(({ name }) => name));
  return [whole, domain].find((name) => names.has(name.toLowerCase())) ?? whole;
}

function isDigest(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}

function last(word: string): Said {
  return { text: `${word}\n`, isLast: true };
}
