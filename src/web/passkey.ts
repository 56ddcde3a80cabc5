/** The browser's WebAuthn calls, which take octets where the API speaks JSON. */

type Json = Record<string, unknown>;

/** Undefined: the person gave none. The browsers' own JSON forms (WebAuthn Level 3) carry the octets. */
export async function askPasskey(options: Json): Promise<Json | undefined> {
  return ask(async () =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
        options as unknown as PublicKeyCredentialRequestOptionsJSON,
      ),
    }),
  );
}

export async function makePasskey(options: Json): Promise<Json | undefined> {
  return ask(async () =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
        options as unknown as PublicKeyCredentialCreationOptionsJSON,
      ),
    }),
  );
}

async function ask(how: () => Promise<Credential | null>): Promise<Json | undefined> {
  try {
    const credential = await how();
    return credential instanceof PublicKeyCredential ? { ...credential.toJSON() } : undefined;
  } catch {
    return undefined; // refused, timed out, or a browser without passkeys: the page says what to do
  }
}
