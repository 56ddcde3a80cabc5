/**
 * Answers that wait, to slow a recorder that repeats a failed request every second: how many of a listener may, and
 * how many of one address. Where there is no room an answer leaves at once, so that waiting costs nobody else a place.
 */

import type { Address } from "../base/address.ts";
import { Admission, printNetwork } from "../base/admission.ts";
import { countOne } from "./counts.ts";
import type { DeviceCounts } from "./counts.ts";
import type { DeviceLimits } from "./limits.ts";

export class Holds {
  readonly #admission: Admission;
  readonly #counts: DeviceCounts;
  #isClosing = false;

  constructor(limits: DeviceLimits, counts: DeviceCounts) {
    this.#admission = new Admission({
      connections: limits.heldConnections,
      connectionsPerAddress: limits.heldConnectionsPerAddress,
    });
    this.#counts = counts;
  }

  /** Undefined: there is no room. What is given is disposed of when the answer leaves or its connection is gone. */
  enter(peer: Address): Disposable | undefined {
    if (this.#isClosing) return undefined;
    const network = printNetwork(peer);
    const admitted = this.#admission.enter(network);
    if (admitted !== "admitted") {
      countOne(this.#counts.limits, `held-${admitted}`);
      return undefined;
    }
    this.#counts.held++;
    this.#counts.heldEver++;
    return {
      [Symbol.dispose]: () => {
        this.#admission.leave(network);
        this.#counts.held--;
      },
    };
  }

  /** From now on every answer leaves at once. */
  close(): void {
    this.#isClosing = true;
  }
}
