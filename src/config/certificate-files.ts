/** The operator's certificates and keys, read from their files, and again when the files change. */

import { X509Certificate, createPrivateKey } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

/** What is wrong with a certificate file, in a sentence for the operator. */
export class BadCertificate extends Error {
  override readonly name = "BadCertificate";
}

export interface CertificateFiles {
  readonly certificates: readonly string[];
  readonly keys: readonly string[];
}

export interface PemPairs {
  readonly cert: readonly string[];
  readonly key: readonly string[];
}

/** How often it is looked whether the files changed: certificates are renewed weeks before they end. */
const lookEveryMs = 10_000;

export class WatchedCertificates implements Disposable {
  readonly #files: CertificateFiles;
  readonly #warn: (why: string) => void;
  readonly #listeners = new Set<() => void>();
  readonly #timer: ReturnType<typeof setInterval>;
  #pairs: PemPairs;
  #seen: string;

  /** Throws `BadCertificate`. `warn`: the files changed and cannot be used; the old ones stay. */
  constructor(files: CertificateFiles, warn: (why: string) => void, everyMs = lookEveryMs) {
    this.#files = files;
    this.#warn = warn;
    this.#seen = describeFiles(files);
    this.#pairs = readPairs(files);
    this.#timer = setInterval(() => this.look(), everyMs);
  }

  current(): PemPairs {
    return this.#pairs;
  }

  onChange(act: () => void): Disposable {
    this.#listeners.add(act);
    return { [Symbol.dispose]: () => void this.#listeners.delete(act) };
  }

  /** Reads the files again when they are others. Who writes them may be half way: then the next look takes them. */
  look(): void {
    const seen = describeFiles(this.#files);
    if (seen === this.#seen) return;
    this.#seen = seen;
    try {
      this.#pairs = readPairs(this.#files);
    } catch (error) {
      this.#warn(error instanceof Error ? error.message : String(error));
      return;
    }
    for (const act of this.#listeners) act();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** What tells one state of the files from another: `certbot` puts a new file behind the same link. */
function describeFiles({ certificates, keys }: CertificateFiles): string {
  return [...certificates, ...keys]
    .map((path) => {
      const status = statSync(path, { throwIfNoEntry: false });
      return status === undefined ? "-" : `${status.ino} ${status.mtimeMs} ${status.size}`;
    })
    .join("\n");
}

function readPairs({ certificates, keys }: CertificateFiles): PemPairs {
  const cert = certificates.map(readFile);
  const key = keys.map(readFile);
  for (const [i, path] of certificates.entries()) {
    const own = parse(path, "a certificate in PEM", () => new X509Certificate(cert[i]!));
    const secret = parse(keys[i]!, "a private key in PEM", () => createPrivateKey(key[i]!));
    if (!own.checkPrivateKey(secret)) {
      throw new BadCertificate(`The key in ${keys[i]} is not that of the certificate in ${path}.`);
    }
  }
  return { cert, key };
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new BadCertificate(`Cannot read ${path}: ${why}.`, { cause: error });
  }
}

function parse<Thing>(path: string, what: string, make: () => Thing): Thing {
  try {
    return make();
  } catch (error) {
    throw new BadCertificate(`${path} does not begin with ${what}.`, { cause: error });
  }
}
