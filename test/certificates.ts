/** A certificate authority of a test and what it signs, made by openssl in a folder of the test. */

import { join } from "node:path";

export interface Signed {
  readonly certificate: string;
  readonly key: string;
}

const algorithms = {
  ecdsa: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
  rsa: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
} as const;

export class TestAuthority {
  readonly #folder: string;
  #made = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the authority's key and certificate in the folder. */
  static async make(folder: string): Promise<TestAuthority> {
    const authority = new TestAuthority(folder);
    await openssl(["genpkey", ...algorithms.ecdsa, "-out", join(folder, "ca.key")]);
    const subject = ["-subj", "/CN=Test CA", "-days", "2"];
    await openssl([
      "req",
      "-x509",
      "-key",
      join(folder, "ca.key"),
      ...subject,
      "-out",
      authority.certificate,
    ]);
    return authority;
  }

  /** Its own certificate: whom clients of the test trust. */
  get certificate(): string {
    return join(this.#folder, "ca.pem");
  }

  /** `names`: DNS names and addresses. Valid for so many days. */
  async sign(
    names: readonly string[],
    algorithm: keyof typeof algorithms = "ecdsa",
  ): Promise<Signed> {
    const path = join(this.#folder, `${this.#made++}-${algorithm}`);
    const [key, certificate] = [`${path}.key`, `${path}.pem`];
    await openssl(["genpkey", ...algorithms[algorithm], "-out", key]);
    const alternatives = names.map((name) => `${/^[\d.]+$|:/.test(name) ? "IP" : "DNS"}:${name}`);
    const request = ["req", "-x509", "-new", "-key", key, "-subj", `/CN=${names[0]}`, "-days", "2"];
    const issuer = ["-CA", this.certificate, "-CAkey", join(this.#folder, "ca.key")];
    const added = [
      `subjectAltName=${alternatives.join(",")}`,
      "basicConstraints=critical,CA:FALSE",
    ];
    const extensions = added.flatMap((extension) => ["-addext", extension]);
    await openssl([...request, ...issuer, "-out", certificate, ...extensions]);
    return { certificate, key };
  }
}

async function openssl(args: readonly string[]): Promise<void> {
  const child = Bun.spawn(["openssl", ...args], { stdout: "ignore", stderr: "pipe" });
  const said = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`openssl ${args.join(" ")}: ${said}`);
}
