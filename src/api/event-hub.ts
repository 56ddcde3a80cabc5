/** Who listens to what happens, and what they are told: server-sent events, each stream bounded, a slow reader let go. */

import type { Clock } from "../base/clock.ts";

export interface HubEvent {
  readonly name: string;
  readonly data: unknown;
}

export interface Subscription {
  /** Whose streams are counted together. */
  readonly account: number;
  /** What of an event this reader gets; undefined: nothing. */
  choose(event: HubEvent): HubEvent | undefined;
  /** Whether the reader would be let in now. */
  holds(): Promise<boolean>;
}

/** Open streams, over all and of one account. */
const streamsMax = 1_000;
const streamsPerAccountMax = 20;
/** A browser that is away finds as many when it comes back; older ones it asks the API for. */
const keptMax = 500;
/** Octets that a reader has not taken; then it is let go and comes again. */
const unreadMax = 256 * 1_024;
/** Behind proxies a silent stream is taken for a dead one. */
const commentEveryMs = 5_000;
const retryMs = 2_000;
/** Who was signed out or suspended hears nothing more within a second (ASVS 7.4.2). */
const lookEveryMs = 500;

export class EventHub implements Disposable {
  readonly #streams = new Set<Stream>();
  readonly #kept: { readonly id: number; readonly event: HubEvent }[] = [];
  readonly #timers: readonly ReturnType<typeof setInterval>[];
  #isLooking = false;
  #lastId: number;

  constructor(clock: Clock) {
    // Ids go on growing over a restart, so that one from before is never taken for a newer one.
    this.#lastId = clock.now();
    this.#timers = [
      setInterval(() => this.#comment(), commentEveryMs),
      setInterval(() => void this.#look(), lookEveryMs),
    ];
  }

  /** How many streams are open. */
  get open(): number {
    return this.#streams.size;
  }

  publish(event: HubEvent): void {
    if (this.#streams.size === 0) return; // nearly always: devices come all day, people now and then
    const id = ++this.#lastId;
    // Of running totals the next ones say all; they would push out what is worth being told late.
    if (event.name !== "counters") this.#kept.push({ id, event });
    if (this.#kept.length > keptMax) this.#kept.shift();
    for (const stream of this.#streams) this.#send(stream, id, event);
  }

  /** `lastId`: what the reader had before it lost its stream. Undefined: too many streams. */
  subscribe(subscription: Subscription, lastId: number | undefined): Response | undefined {
    const { account } = subscription;
    const own = [...this.#streams].filter((stream) => stream.subscription.account === account);
    if (own.length >= streamsPerAccountMax || this.#streams.size >= streamsMax) return undefined;
    let stream: Stream | undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          stream = { subscription, controller };
          this.#streams.add(stream);
          write(stream, `retry: ${retryMs}\n\n`);
          if (lastId === undefined) return;
          for (const { id, event } of this.#kept) if (id > lastId) this.#send(stream, id, event);
        },
        cancel: () => {
          if (stream !== undefined) this.#streams.delete(stream);
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: unreadMax }),
    );
    return new Response(body, {
      headers: {
        "Content-Type": "text/event-stream",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
      },
    });
  }

  [Symbol.dispose](): void {
    this.#timers.forEach((timer) => clearInterval(timer));
    for (const stream of this.#streams) this.#drop(stream);
  }

  #send(stream: Stream, id: number, event: HubEvent): void {
    const chosen = stream.subscription.choose(event);
    if (chosen === undefined) return;
    const text = `id: ${id}\nevent: ${chosen.name}\ndata: ${JSON.stringify(chosen.data)}\n\n`;
    if (!write(stream, text)) this.#drop(stream);
  }

  #comment(): void {
    for (const stream of this.#streams) if (!write(stream, ":\n\n")) this.#drop(stream);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    for (const stream of this.#streams) {
      // A store that cannot be read now ends nobody's stream.
      const holds = await stream.subscription.holds().catch(() => true);
      if (!holds) this.#drop(stream);
    }
    this.#isLooking = false;
  }

  #drop(stream: Stream): void {
    this.#streams.delete(stream);
    try {
      stream.controller.close();
    } catch {
      // The reader was quicker.
    }
  }
}

interface Stream {
  readonly subscription: Subscription;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
}

const encoder = new TextEncoder();

/** False: the reader does not read, or is gone. */
function write({ controller }: Stream, text: string): boolean {
  if ((controller.desiredSize ?? 0) <= 0) return false;
  controller.enqueue(encoder.encode(text));
  return true;
}
