/** Credentials as devices send them. Octets stay octets: they are compared with what is stored. */

import type { Credential, PasswordCredential, SecretForm } from "../core/login.ts";

export type Presented =
  | { readonly kind: "credential"; readonly credential: Credential }
  /** Nothing was sent. That asks for a challenge and is never a failed login. */
  | { readonly kind: "absent" }
  /** Something was sent that can be no credential; answered like a wrong one. */
  | { readonly kind: "malformed" };

type Basic =
  | Exclude<Presented, { kind: "credential" }>
  | { readonly kind: "credential"; readonly credential: PasswordCredential };

/** User name, colon and password. Bounds what one guess can cost. */
export const credentialOctetsMax = 512;

/**
 * Reads an `Authorization` header: RFC 7617 §2. The first colon splits, later ones belong to the
 * password. UTF-8 and Latin-1 both are taken as the octets they are; control characters are refused
 * (§2 forbids them). Two headers arrive here joined by a comma, which base64 does not have.
 */
export function parseBasic(header: string | undefined): Basic {
  if (header === undefined || header === "") return absent;
  const parts = basicPattern.exec(header);
  if (parts === null) return malformed;
  const base64 = parts[1]!;
  if (base64.length > base64CharactersMax || base64.length % 4 === 1) return malformed;
  const octets = atob(base64);
  if (octets.length > credentialOctetsMax || controls.test(octets)) return malformed;
  const colon = octets.indexOf(":");
  if (colon === -1) return malformed;
  return {
    kind: "credential",
    credential: {
      kind: "password",
      username: octets.slice(0, colon),
      password: octets.slice(colon + 1),
    },
  };
}

/** From a pair of parameters, for rules that allow it. */
export function makePresented(username: string, password: string): Presented {
  if (username === "" && password === "") return absent;
  const octets = `${username}:${password}`;
  if (octets.length > credentialOctetsMax || controls.test(octets)) return malformed;
  return { kind: "credential", credential: { kind: "password", username, password } };
}

/** A secret that stands alone. */
export function makePresentedSecret(form: SecretForm, secret: string): Presented {
  if (secret === "") return absent;
  if (secret.length > credentialOctetsMax || controls.test(secret)) return malformed;
  return { kind: "credential", credential: { kind: form, secret } };
}

/** `Bearer` and `Token`; the names of schemes have no case (RFC 9110 §11.1). */
export function parseBearer(header: string | undefined): Presented {
  if (header === undefined || header === "") return absent;
  const parts = bearerPattern.exec(header);
  return parts === null ? absent : makePresentedSecret("token", parts[1]!);
}

const absent = { kind: "absent" } as const;
const malformed = { kind: "malformed" } as const;

/** RFC 4648 §4, the padding optional. The name of the scheme has no case (RFC 9110 §11.1). */
const basicPattern = /^basic +([A-Za-z0-9+/]+)={0,2}$/i;
const base64CharactersMax = Math.ceil((credentialOctetsMax * 4) / 3);
const bearerPattern = /^(?:bearer|token) +([^ ,]+) *$/i;
const controls = /[^ -~\x80-\xff]/;
