/**
 * GnuDIP over TCP 3495: we say a salt, the client answers `user:digest:domain:request[:address]`, we say what became
 * of it in one digit.
 */

import type { Address } from "../../base/address.ts";
import type { Chance } from "../../base/chance.ts";
import { credentialOctetsMax } from "../credential.ts";
import { makeSalt, takeGnudipAnswer } from "../gnudip.ts";
import type { Said, Talk } from "../talk.ts";
import type { Service } from "../update-service.ts";

export function beginGnudip(service: Service, peer: Address, chance: Chance): Talk {
  const salt = makeSalt(chance);
  return {
    greeting: `${salt}\n`,
    hear: (line) => answer(line, salt, service, peer),
  };
}

async function answer(line: string, salt: string, service: Service, peer: Address): Promise<Said> {
  if (line.length > credentialOctetsMax) return last("1");
  const [user = "", digest = "", domain = "", requestCode = "", ...rest] = line.trim().split(":");
  const address = rest.join(":"); // an IPv6 address has colons of its own
  const from = { peer, adapter: "gnudip-tcp", userAgent: "" };
  const given = { user, digest, salt, domain, requestCode, address };
  const result = await takeGnudipAnswer(given, from, service);
  // The protocol has no word for "later": a client that finds the connection closed tries again.
  if (result === "try-later") return { text: "", isLast: true };
  return last(result.code === "0" && requestCode === "2" ? `0:${result.address}` : result.code);
}

function last(word: string): Said {
  return { text: `${word}\n`, isLast: true };
}
