/** When a load generator sends: as soon as there is room, or at a rate whether or not the answers come. */

/** How often the requests that are due are sent. */
const tickMs = 1;

export interface PaceParts {
  /** Requests a second (open loop); undefined: as fast as they are answered. */
  readonly rate: number | undefined;
  /** Whether another may be under way. */
  hasRoom(): boolean;
  send(sinceMs: number): void;
}

/** In an open loop, who waits for a place in the window has waited since it was due. */
export class Pace {
  readonly #parts: PaceParts;
  readonly #dueMs: number[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: PaceParts) {
    this.#parts = parts;
  }

  start(): void {
    const { rate } = this.#parts;
    if (rate === undefined) return this.fill();
    let nextMs = performance.now();
    this.#timer = setInterval(() => {
      for (const nowMs = performance.now(); nextMs <= nowMs; nextMs += 1_000 / rate) {
        this.#dueMs.push(nextMs);
      }
      this.fill();
    }, tickMs);
  }

  /** To be called when something was answered or given up. */
  fill(): void {
    const { rate, hasRoom, send } = this.#parts;
    while (hasRoom()) {
      const sinceMs = rate === undefined ? performance.now() : this.#dueMs.shift();
      if (sinceMs === undefined) return;
      send(sinceMs);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
