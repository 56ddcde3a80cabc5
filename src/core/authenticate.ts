/** Whether a device may speak for a login: one hash and one look-up, known user or not. */

import type { Directory } from "./directory.ts";
import type { Credential, Login } from "./login.ts";
import { isSameVerifier, makeVerifier, passwordCharactersMax } from "./verifier.ts";

/** Compared with when the user name is unknown, so that knowing costs as much as not knowing. */
const nobody = new Uint8Array(32);

export function authenticate(
  credential: Credential,
  directory: Directory,
  pepper: Uint8Array,
): Login | undefined {
  if (credential.kind !== "password") return undefined;
  if (credential.password.length > passwordCharactersMax) return undefined;
  if (credential.username.length > passwordCharactersMax) return undefined;
  const login = directory.findLogin(credential.username);
  const verifier = makeVerifier(pepper, credential.username, credential.password);
  const isSame = isSameVerifier(verifier, login?.verifier ?? nobody);
  return isSame ? login : undefined;
}
