/** The signer as the main thread sees it: a thread that is there as soon as a zone has keys. */

import { assert } from "../base/assert.ts";
import type { Chance } from "../base/chance.ts";
import { sipKeyOctets } from "../base/sip-hash.ts";
import { waitAtMost } from "../base/wait-at-most.ts";
import type { ZoneKey } from "../core/zone-key.ts";
import type { Log } from "../observe/log.ts";
import { readersMax } from "../zone/arena.ts";
import { makeSignatureMemory } from "./signature-table.ts";
import type { SigningParts } from "./signed-reply.ts";
import type { SignerOrders, SignerReport } from "./signer-messages.ts";
import { makeRequestMemory, makeSigningBell } from "./signing-requests.ts";

export interface SignerOptions {
  /** Threads that answer. */
  readonly readers: number;
  /** The most memory that signatures may take. */
  readonly signatureOctetsMax: number;
  /** Reads what opens the keys; rejects with a sentence for the operator. */
  readonly openSealKey: () => Promise<Uint8Array>;
  readonly chance: Chance;
  readonly log: Log;
  /** A test keeps the threads, to end them. */
  readonly makeWorker?: (() => Worker) | undefined;
}

export function makeSignerWorker(): Worker {
  return new Worker(new URL("./signer-thread.ts", import.meta.url).href);
}

/** Keys of a zone that cannot be opened: answers would be bogus to who validates. */
export class CannotSign extends Error {
  override readonly name = "CannotSign";
}

/** A thread that ended is started again after this. */
const restartMs = 200;
/** How long closing waits for it. */
const endMs = 2_000;

export class Signer implements AsyncDisposable {
  readonly #options: SignerOptions;
  readonly #signatures: SharedArrayBuffer;
  readonly #bell = makeSigningBell();
  readonly #hashKey: Uint8Array;
  /** One for each thread that may ask. */
  readonly #rings: readonly SharedArrayBuffer[];
  readonly #zones = new Map<string, readonly ZoneKey[]>();
  /** By zone, until the thread has said what it made of the keys. */
  readonly #untold = new Map<string, PromiseWithResolvers<void>>();
  #worker: Worker | undefined;
  #restart: ReturnType<typeof setTimeout> | undefined;
  #ended: Promise<void> = Promise.resolve();
  #isClosing = false;

  constructor(options: SignerOptions) {
    const { readers, signatureOctetsMax, chance } = options;
    assert(readers <= readersMax, "there are so many readers at most");
    this.#options = options;
    this.#rings = Array.from({ length: readers }, makeRequestMemory);
    this.#signatures = makeSignatureMemory(signatureOctetsMax);
    this.#hashKey = chance.octets(sipKeyOctets);
  }

  /** What the thread that reads under this number needs to find and ask for signatures. */
  partsFor(reader: number): SigningParts {
    const requests = this.#rings[reader];
    assert(requests !== undefined, "there is a way to ask for each reader");
    return { signatures: this.#signatures, requests, bell: this.#bell, hashKey: this.#hashKey };
  }

  /**
   * All keys of a zone; none: it is signed no longer. What is asked for before they have arrived is
   * asked for again. Keys that cannot be opened are logged.
   */
  setKeys(apex: string, keys: readonly ZoneKey[]): void {
    if (keys.length > 0) this.#zones.set(apex, keys);
    else if (!this.#zones.delete(apex)) return;
    if (this.#worker === undefined && this.#restart === undefined) this.#start();
    void this.#sendKeys(apex).catch((error: Error) => this.#tell(apex, error));
  }

  /** Resolves when the signer has the keys of all zones. Rejects when some cannot be opened. */
  async ready(): Promise<void> {
    await Promise.all([...this.#untold.values()].map(({ promise }) => promise));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#restart);
    this.#worker?.terminate();
    await waitAtMost(endMs, this.#ended);
  }

  #start(): void {
    this.#restart = undefined;
    const { log, makeWorker = makeSignerWorker } = this.#options;
    const worker = makeWorker();
    const ended = Promise.withResolvers<void>();
    this.#worker = worker;
    this.#ended = ended.promise;
    worker.addEventListener("message", (event: MessageEvent<SignerReport>) => {
      this.#hear(event.data);
    });
    worker.addEventListener("error", (event) => {
      log.error({ why: event.message }, "The signing thread failed");
    });
    worker.addEventListener("close", () => {
      ended.resolve();
      this.#worker = undefined;
      if (this.#isClosing) return;
      log.error({}, "The signing thread ended and is started again");
      this.#restart = setTimeout(() => this.#startAgain(), restartMs);
    });
    const orders: SignerOrders = {
      kind: "start",
      signatures: this.#signatures,
      requests: this.#rings,
      bell: this.#bell,
    };
    worker.postMessage(orders);
  }

  #startAgain(): void {
    this.#start();
    for (const apex of this.#zones.keys()) {
      void this.#sendKeys(apex).catch((error: Error) => this.#tell(apex, error));
    }
  }

  /** The keys as they are when the file has been read: they may have changed meanwhile. */
  async #sendKeys(apex: string): Promise<void> {
    if (!this.#untold.has(apex)) {
      const untold = Promise.withResolvers<void>();
      untold.promise.catch(() => undefined); // told in the log; `ready` passes it on
      this.#untold.set(apex, untold);
    }
    const sealKey = await this.#options.openSealKey();
    const keys = this.#zones.get(apex) ?? [];
    const given = keys.map(({ dnskey, keyTag, sealed }) => ({ dnskey, keyTag, sealed }));
    const orders: SignerOrders = { kind: "keys", apex, keys: given, sealKey };
    this.#worker?.postMessage(orders);
  }

  #hear(report: SignerReport): void {
    switch (report.kind) {
      case "keys": {
        const { apex, unopened } = report;
        const why =
          `The keys ${unopened.join(", ")} of ${apex} cannot be opened with the secrets.key of the data ` +
          "folder. Restore that file from a backup of the same time as the database.";
        this.#tell(apex, unopened.length === 0 ? undefined : new CannotSign(why));
        break;
      }
      case "failure":
        this.#options.log.error({ why: report.why }, "The signing thread failed");
        break;
    }
  }

  #tell(apex: string, error: Error | undefined): void {
    const untold = this.#untold.get(apex);
    if (error === undefined) {
      untold?.resolve();
      this.#untold.delete(apex);
      return;
    }
    this.#options.log.error({ zone: apex, why: error.message }, "A zone cannot be signed");
    untold?.reject(new CannotSign(error.message, { cause: error }));
  }
}
