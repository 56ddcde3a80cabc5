/** An authenticator in software, as a browser of a test has one: makes a P-256 key and signs with it (WebAuthn §6). */

import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";

export interface PasskeyOptions {
  /** What a true authenticator never does, one at a time. */
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly isVerified?: boolean;
  readonly counter?: number;
}

const userPresent = 0x01;
const userVerified = 0x04;
const attested = 0x40;

export class SoftwarePasskey {
  readonly id = randomBytes(16);
  counter = 0;
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  readonly #origin: string;
  readonly #rpId: string;

  constructor(origin: string) {
    this.#origin = origin;
    this.#rpId = new URL(origin).hostname;
  }

  /** Answers the options of a ceremony that adds it. */
  register(challenge: string, given: PasskeyOptions = {}): Record<string, unknown> {
    const length = Buffer.from([0, this.id.length]);
    const data = Buffer.concat([
      this.#head(attested, given),
      Buffer.alloc(16),
      length,
      this.id,
      this.#publicKey(),
    ]);
    // {"fmt": "none", "attStmt": {}, "authData": data} in CBOR (RFC 8949).
    const attestationObject = Buffer.concat([
      Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746158", "hex"),
      Buffer.from([data.length]),
      data,
    ]);
    const clientDataJSON = this.#client("webauthn.create", challenge, given);
    return this.#answer({ clientDataJSON, attestationObject, transports: ["internal"] });
  }

  /** Answers the options of a ceremony that signs in. */
  signIn(challenge: string, given: PasskeyOptions = {}): Record<string, unknown> {
    this.counter = given.counter ?? this.counter + 1;
    const authenticatorData = this.#head(0, given);
    const clientDataJSON = this.#client("webauthn.get", challenge, given);
    const hash = createHash("sha256").update(clientDataJSON).digest();
    const signature = createSign("sha256")
      .update(Buffer.concat([authenticatorData, hash]))
      .sign(this.#keys.privateKey);
    return this.#answer({ clientDataJSON, authenticatorData, signature });
  }

  #head(flags: number, { rpId = this.#rpId, isVerified = true }: PasskeyOptions): Buffer {
    const head = Buffer.alloc(37);
    createHash("sha256").update(rpId).digest().copy(head);
    head[32] = flags | userPresent | (isVerified ? userVerified : 0);
    head.writeUInt32BE(this.counter, 33);
    return head;
  }

  #client(type: string, challenge: string, given: PasskeyOptions): Buffer {
    const { origin = this.#origin } = given;
    const data = { type, challenge: given.challenge ?? challenge, origin, crossOrigin: false };
    return Buffer.from(JSON.stringify(data));
  }

  /** COSE (RFC 9053 §7.1.1): EC2, ES256, P-256, x, y. */
  #publicKey(): Buffer {
    const { x = "", y = "" } = this.#keys.publicKey.export({ format: "jwk" });
    return Buffer.concat([
      Buffer.from("a5010203262001215820", "hex"),
      Buffer.from(x, "base64url"),
      Buffer.from("225820", "hex"),
      Buffer.from(y, "base64url"),
    ]);
  }

  #answer(response: Record<string, Buffer | readonly string[]>): Record<string, unknown> {
    const id = this.id.toString("base64url");
    const texts = Object.entries(response).map(([name, value]) => [
      name,
      Buffer.isBuffer(value) ? value.toString("base64url") : value,
    ]);
    return {
      id,
      rawId: id,
      type: "public-key",
      clientExtensionResults: {},
      response: Object.fromEntries(texts),
    };
  }
}
