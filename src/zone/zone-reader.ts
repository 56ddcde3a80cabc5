/** The readers' side: what a DNS thread needs to answer from the table that another thread writes. */

import { ArenaView } from "./arena.ts";
import { FoldedName } from "./folded-name.ts";
import { LookUp } from "./look-up.ts";

export class ZoneReader {
  readonly view: ArenaView;
  readonly lookUp: LookUp;
  readonly name: FoldedName;
  readonly #reader: number;

  /** `reader`: a number below `readersMax` that no other thread uses. */
  constructor(buffer: SharedArrayBuffer, hashSeed: number, reader: number) {
    this.view = new ArenaView(buffer);
    this.lookUp = new LookUp(this.view);
    this.name = new FoldedName(hashSeed);
    this.#reader = reader;
  }

  /** What is found between `enter` and `leave` stays in place until `leave`. */
  enter(): void {
    this.view.enter(this.#reader);
  }

  leave(): void {
    this.view.leave(this.#reader);
  }
}
