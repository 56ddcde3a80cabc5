/** Password hashes of people: argon2id, off the thread that answers, and only so many at once. */

/** RFC 9106 and OWASP: argon2id with 19 MiB and two passes. */
export const argon2id = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;
const parameters = "$argon2id$v=19$m=19456,t=2,p=1$";

/** About four seconds of work for one processor; who comes after that is told to try later. */
const usualWaitingMax = 100;

/** Too much is being hashed already. */
export class HasherBusy extends Error {
  override readonly name = "HasherBusy";
}

export class PasswordHasher {
  readonly #atOnceMax: number;
  readonly #waitingMax: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  /** Of a password that nobody has: compared with when there is no account. */
  #nobody: Promise<string> | undefined;
  /** How many hashes were made. */
  runs = 0;

  constructor(processors: number, waitingMax = usualWaitingMax) {
    this.#waitingMax = waitingMax;
    this.#atOnceMax = Math.max(1, processors - 1);
  }

  hash(password: string): Promise<string> {
    return this.#run(() => Bun.password.hash(password, argon2id));
  }

  /** Of an unknown account the hash is undefined: it costs the same, and is never right. */
  async isRight(password: string, hash: string | undefined): Promise<boolean> {
    // Waited for by all: the first who asks after a start would tell by its time that nobody has the name.
    const nobody = await (this.#nobody ??= Bun.password.hash(crypto.randomUUID(), argon2id));
    // What is no hash opens nothing: an account of a sample fleet has one that no password makes.
    const isHash = hash?.startsWith("$argon2id$") === true;
    const against = isHash ? hash : nobody;
    const isSame = await this.#run(() => Bun.password.verify(password, against));
    return isSame && isHash;
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#atOnceMax) {
      if (this.#waiting.length >= this.#waitingMax)
        throw new HasherBusy("Too many passwords wait.");
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    this.runs++;
    try {
      return await work();
    } finally {
      // Who waits takes the place over.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}

/** It was made when the parameters were others. */
export function isOutdated(hash: string): boolean {
  return !hash.startsWith(parameters);
}
