/** The token that a page sends with every change: only who may read the greeting of a session knows it (T36). */

export type CsrfOf = (session: string) => string;

/** `session`: the public id. Stays the same for as long as the session lasts, and over a restart. */
export function makeCsrfOf(pepper: Uint8Array): CsrfOf {
  return (session) =>
    new Bun.CryptoHasher("sha256", pepper).update(`csrf:${session}`).digest("base64url");
}
