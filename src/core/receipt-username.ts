/** The user name that a receipt keeps. Receipts are never a place for passwords (T19), also where a person mixed up the fields. */

import { cut } from "./decision.ts";
import type { Directory } from "./directory.ts";
import type { Credential, Login } from "./login.ts";

/** Stands for what was sent as a user name and may be a password. */
export const hiddenUsername = "(hidden)";

/** As it was sent; a secret that stands alone has that of the login it belongs to. */
export function receiptUsername(
  credential: Credential | undefined,
  login: Login | undefined,
  directory: Pick<Directory, "findLogin">,
): string | undefined {
  if (login !== undefined) return cut(login.username);
  if (credential === undefined || !("username" in credential)) return undefined;
  const { username } = credential;
  const isKnown = directory.findLogin(username) !== undefined;
  return !isKnown && mayBePassword(credential, directory) ? hiddenUsername : cut(username);
}

/** It looks as those that we make, or a user name was sent in the place of the password. */
function mayBePassword(
  credential: Extract<Credential, { readonly username: string }>,
  directory: Pick<Directory, "findLogin">,
): boolean {
  if (issued.test(credential.username)) return true;
  return credential.kind === "password" && directory.findLogin(credential.password) !== undefined;
}

/** As `makeSecretText` makes a password of a device login: 20 characters of base58. */
const issued = /^[1-9A-HJ-NP-Za-km-z]{20}$/;
