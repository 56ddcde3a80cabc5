/** What the values of an unknown request are: hosts, addresses and logins we know, then what names suggest. */

import { parseAddress } from "../../base/address.ts";
import type { Address } from "../../base/address.ts";
import { parseHostName } from "../../core/host-name.ts";
import type { Credential, SecretForm } from "../../core/login.ts";
import { findRoleOfKey, isSecretKey } from "./key-roles.ts";
import type { Role } from "./key-roles.ts";
import type { Part, Parts } from "./parts.ts";

/** What the service knows of hosts and logins. */
export interface Acquaintances {
  isHost(name: string): boolean;
  isUsername(text: string): boolean;
  /** Undefined: the credential is wrong. */
  findLogin(credential: Credential, peer: Address): KnownLogin | undefined;
}

export interface KnownLogin {
  /** Whether it may update a host whose name begins with this label. */
  hasLabel(text: string): boolean;
}

export interface Guess {
  readonly part: Part;
  readonly role: Role | undefined;
  /** Fit to be kept as it is: a host, an address or a user name of ours. */
  readonly isKnown: boolean;
}

export interface Guesses {
  readonly parts: readonly Guess[];
  /** The user name of `Authorization: Basic`, when a login has it. */
  readonly basicUsername: string | undefined;
  /** In which form the secret proves a login, when it did. */
  readonly secretForm: "password" | SecretForm | undefined;
  /** The part that proved a login. */
  readonly secret: Part | undefined;
  /** Hosts are named by their first label alone. */
  readonly isByLabel: boolean;
}

/** Logins that are tried with each value: what one request may cost is bounded. */
const usernamesTriedMax = 3;

export function guessRoles(request: Parts, known: Acquaintances): Guesses {
  const { parts, basic } = request;
  const values = parts.filter(({ value }) => value !== "");
  const usernames = values.filter((part) => known.isUsername(part.value));
  const proof = findProof(values, usernames, request, known);
  const isLabel = (value: string): boolean => proof?.login.hasLabel(value) === true;

  const byValue = parts.map((part): Guess => {
    if (part === proof?.secret || isSecretPart(part))
      return { part, role: "secret", isKnown: false };
    if (areAll(part.value, known.isHost)) return { part, role: "host", isKnown: true };
    if (areAll(part.value, isAddressText)) return { part, role: "address", isKnown: true };
    if (usernames.includes(part)) return { part, role: "username", isKnown: true };
    if (isLabel(part.value)) return { part, role: "host", isKnown: true };
    return { part, role: undefined, isKnown: false };
  });
  const found = new Set(byValue.map(({ role }) => role));
  return {
    parts: byValue.map((guess) => (guess.role === undefined ? guessByKey(guess, found) : guess)),
    basicUsername:
      basic !== undefined && known.isUsername(basic.username) ? basic.username : undefined,
    secretForm: proof?.form,
    secret: proof?.secret,
    isByLabel: byValue.some(
      ({ role, part }) => role === "host" && !known.isHost(part.value) && isLabel(part.value),
    ),
  };
}

interface Proof {
  /** Undefined where it stood in `Authorization`. */
  readonly secret: Part | undefined;
  readonly form: "password" | SecretForm;
  readonly login: KnownLogin;
}

/** The value that proves a login, alone or beside a user name. */
function findProof(
  values: readonly Part[],
  usernames: readonly Part[],
  { basic, peer }: Parts,
  known: Acquaintances,
): Proof | undefined {
  const ofBasic = basic && known.findLogin(basic, peer);
  if (ofBasic !== undefined) return { secret: undefined, form: "password", login: ofBasic };
  for (const { value: username } of usernames.slice(0, usernamesTriedMax)) {
    for (const secret of values) {
      const login = known.findLogin({ kind: "password", username, password: secret.value }, peer);
      if (login !== undefined) return { secret, form: "password", login };
    }
  }
  for (const secret of values) {
    for (const form of formsOf(secret.value)) {
      const login = known.findLogin({ kind: form, secret: secret.value }, peer);
      if (login !== undefined) return { secret, form, login };
    }
  }
  return undefined;
}

function formsOf(value: string): readonly SecretForm[] {
  if (/^[0-9a-f]{40}$/i.test(value)) return ["token", "sha1"];
  return /^[0-9a-f]{32}$/i.test(value) ? ["token", "md5"] : ["token"];
}

/** A name that speaks of secrets is believed, whatever stands there. */
function isSecretPart({ place, key }: Part): boolean {
  return place !== "segment" && place !== "bare" && isSecretKey(key);
}

/** A role that some value has shown to be its own is not given away by name once more. */
function guessByKey(guess: Guess, found: ReadonlySet<Role | undefined>): Guess {
  const { place, key } = guess.part;
  const role = place === "query" || place === "body" ? findRoleOfKey(key) : undefined;
  const isFree = role === "offline" || role === "address" || !found.has(role);
  return isFree ? { ...guess, role } : guess;
}

function areAll(list: string, is: (text: string) => boolean): boolean {
  return list !== "" && list.split(",").every((text) => is(text.trim()));
}

function isAddressText(text: string): boolean {
  return parseAddress(text.replace(/\/\d{1,3}$/, "")) !== undefined;
}

/** Full names only: `cam` is a word like any other. */
export function isFullName(text: string): boolean {
  return text.includes(".") && parseHostName(text) !== undefined;
}
