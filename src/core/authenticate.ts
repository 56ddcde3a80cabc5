/** Who may speak for a login: one keyed hash and one look-up, known or not. */

import { timingSafeEqual } from "node:crypto";
import { isWithin } from "../base/address.ts";
import { unreachable } from "../base/assert.ts";
import type { Directory } from "./directory.ts";
import { findHost } from "./find-host.ts";
import { gnudipPlace, makeGnudipDigest } from "./login-proof.ts";
import type { Credential, Login, PasswordCredential, SecretForm } from "./login.ts";
import type { UpdateRequest } from "./update.ts";
import {
  isSameVerifier,
  makeProofVerifier,
  makeVerifier,
  passwordCharactersMax,
} from "./verifier.ts";

export interface AuthenticationParts {
  readonly directory: Directory;
  readonly pepper: Uint8Array;
  /** Rejects when the key of sealed secrets cannot be had; see `unseal`. */
  openSealed(sealed: Uint8Array, place: string): Promise<Uint8Array | undefined>;
}

export type Authentication =
  | { readonly kind: "login"; readonly login: Login }
  /** `login`: whose the credential is, where it may only not be used in this way. */
  | { readonly kind: "refused"; readonly note: string; readonly login: Login | undefined };

/** From where, and for what: a secret that stands alone is told from others alike by the hosts. */
export type Claim = Pick<UpdateRequest, "peer" | "hosts" | "naming">;

/** More logins than this with one secret are nobody, so that looking through them costs little. */
const sharedSecretLoginsMax = 100;

/** Compared with when the user name is unknown, so that knowing costs as much as not knowing. */
const nobody = new Uint8Array(32);
/** Opened when there is nothing to open: nonce, 32 octets and tag. */
const sealedNothing = new Uint8Array(60);

/** A promise only where a secret must be unsealed. It rejects when that is not possible now. */
export function authenticate(
  credential: Credential,
  claim: Claim,
  parts: AuthenticationParts,
): Authentication | Promise<Authentication> {
  if (isTooLong(credential)) return refuse("The user name or the secret is too long.");
  switch (credential.kind) {
    case "password":
      return checkNetwork(authenticatePassword(credential, parts), claim);
    case "token":
    case "sha1":
    case "md5":
      return checkNetwork(authenticateSecret(credential, claim, parts), claim);
    case "gnudip":
      return authenticateGnudip(credential, parts).then((found) => checkNetwork(found, claim));
    default:
      return unreachable(credential);
  }
}

function isTooLong(credential: Credential): boolean {
  const texts =
    credential.kind === "password"
      ? [credential.username, credential.password]
      : credential.kind === "gnudip"
        ? [credential.username, credential.salt, credential.digest]
        : [credential.secret];
  return texts.some((text) => text.length > passwordCharactersMax);
}

function authenticatePassword(
  { username, password }: PasswordCredential,
  { directory, pepper }: AuthenticationParts,
): Authentication {
  const login = directory.findLogin(username);
  const isSame = isSameVerifier(
    makeVerifier(pepper, username, password),
    login?.verifier ?? nobody,
  );
  if (login === undefined) return refuse("There is no device login with this user name.");
  return isSame ? { kind: "login", login } : refuse("The password is wrong.");
}

function authenticateSecret(
  { kind, secret }: { readonly kind: SecretForm; readonly secret: string },
  claim: Claim,
  { directory, pepper }: AuthenticationParts,
): Authentication {
  const logins = directory.findLoginsByProof(makeProofVerifier(pepper, kind, secret));
  const [only] = logins;
  if (only === undefined) {
    return refuse(`No login accepts this ${kind} alone: login add --accepts ${kind}.`);
  }
  if (logins.length === 1) return { kind: "login", login: only };
  if (logins.length > sharedSecretLoginsMax) {
    return refuse(`More than ${sharedSecretLoginsMax} logins have this ${kind}.`);
  }
  const meant = logins.filter((login) => mayUpdateAll(login, claim, directory));
  if (meant.length === 1) return { kind: "login", login: meant[0]! };
  const which = meant.length === 0 ? "none of them" : "more than one of them";
  return refuse(
    `Several logins have this ${kind}, and ${which} may update what was asked for: give each its own.`,
  );
}

function mayUpdateAll(login: Login, { hosts, naming }: Claim, directory: Directory): boolean {
  return hosts.every((text) => findHost(text, naming, login, directory).kind === "found");
}

/** GnuDIP 2.3.5, "GnuDIP protocol": the client proves that it knows `md5hex(password)`. */
async function authenticateGnudip(
  { username, salt, digest }: Extract<Credential, { kind: "gnudip" }>,
  { directory, openSealed }: AuthenticationParts,
): Promise<Authentication> {
  const login = directory.findLogin(username);
  const proof = login?.proofs.find((each) => each.kind === "gnudip");
  if (login === undefined || proof === undefined) {
    await openSealed(sealedNothing, gnudipPlace(username)).catch(() => undefined);
    isSameText(digest, makeGnudipDigest("0".repeat(32), salt));
    const why =
      login === undefined
        ? "There is no device login with this user name."
        : "The login does not accept GnuDIP: login add --accepts gnudip.";
    return refuse(why);
  }
  const secret = await openSealed(proof.sealed, gnudipPlace(username));
  if (secret === undefined)
    return refuse("The secret was sealed under another secrets.key.", login);
  const expected = makeGnudipDigest(Buffer.from(secret).toString("latin1"), salt);
  if (!isSameText(digest.toLowerCase(), expected)) {
    return refuse("The answer to the challenge is wrong.");
  }
  return { kind: "login", login };
}

/** In constant time but for the length, which is no secret. */
function isSameText(a: string, b: string): boolean {
  return (
    a.length === b.length && timingSafeEqual(Buffer.from(a, "latin1"), Buffer.from(b, "latin1"))
  );
}

function checkNetwork(found: Authentication, { peer }: Claim): Authentication {
  if (found.kind !== "login") return found;
  const { login } = found;
  if (login.from.length === 0 || login.from.some((cidr) => isWithin(peer, cidr))) return found;
  const networks = login.from.map(({ text }) => text).join(", ");
  return refuse(`The login may be used from ${networks} only.`, login);
}

function refuse(note: string, login?: Login): Authentication {
  return { kind: "refused", note, login };
}
