/** How a secret becomes the proofs of a login: what is hashed, what is sealed, and where it is bound to. */

import type { Chance } from "../base/chance.ts";
import type { Login, LoginProof, PasswordCredential, ProofKind } from "./login.ts";
import { seal, unseal } from "./seal.ts";
import { makeProofVerifier } from "./verifier.ts";

/** What the making of proofs needs beside the secret. The key of secrets is only asked for where one is sealed. */
export interface ProofParts {
  readonly pepper: Uint8Array;
  readonly chance: Chance;
  getSecretsKey(): Promise<Uint8Array>;
}

export async function makeProof(
  kind: ProofKind,
  { username, password }: Pick<PasswordCredential, "username" | "password">,
  parts: ProofParts,
): Promise<LoginProof> {
  const { pepper, chance } = parts;
  switch (kind) {
    case "token":
      return { kind, verifier: makeProofVerifier(pepper, kind, password) };
    case "sha1": {
      const digest = hexDigest("sha1", `${username}|${password}`);
      return { kind, verifier: makeProofVerifier(pepper, kind, digest) };
    }
    case "md5":
      return { kind, verifier: makeProofVerifier(pepper, kind, hexDigest("md5", password)) };
    case "gnudip": {
      const digest = Buffer.from(hexDigest("md5", password), "latin1");
      const key = await parts.getSecretsKey();
      return { kind, sealed: seal(key, digest, gnudipPlace(username), chance) };
    }
  }
}

/** The user name, not the id of the login: a login that is moved to another database keeps its proof. */
export function gnudipPlace(username: string): string {
  return `gnudip ${username}`;
}

/** `md5hex(password)`; undefined when the login has none, or it was sealed under another key. */
export function openGnudipProof(login: Login, secretsKey: Uint8Array): Uint8Array | undefined {
  const proof = login.proofs.find((each) => each.kind === "gnudip");
  return proof && unseal(secretsKey, proof.sealed, gnudipPlace(login.username));
}

/** What a GnuDIP client answers to `salt`; `md5` is `md5hex(password)`. */
export function makeGnudipDigest(md5: string, salt: string): string {
  return hexDigest("md5", `${md5}.${salt}`);
}

/** Of one octet a character. */
function hexDigest(algorithm: "md5" | "sha1", text: string): string {
  return new Bun.CryptoHasher(algorithm).update(text, "latin1").digest("hex");
}
