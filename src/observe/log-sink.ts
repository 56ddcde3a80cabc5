/** Where log lines go: a descriptor that is written to without ever waiting for its reader. */

import { closeSync, constants, fstatSync, openSync, write, writeSync } from "node:fs";

/** What may wait for a slow reader. Above it lines are dropped and counted: about 5,000 lines. */
export const logWaitingOctetsMax = 1_048_576;

/** Octets handed over in one piece: as many as a pipe of Linux holds. */
const pieceOctetsMax = 65_536;

/** How long a full pipe is left alone before the next try. */
const fullPipeMs = 100;

/** At the end a reader that does not read gets this many more tries. */
const closingTriesMax = 10;

export interface LogSink extends Disposable {
  write(line: string): void;
  /** Lines that found no room, or whose reader has gone. */
  readonly dropped: number;
}

/**
 * Opens a sink over `fd`. Writing to a full pipe stops whoever writes, so a pipe or terminal is
 * opened again, non-blocking, which leaves the descriptor that other processes share as it was.
 * What cannot be opened again (a socket, as under systemd) or may be slow otherwise (a file) is
 * written to by a thread of the pool.
 */
export function openLogSink(fd: number): LogSink {
  const own = openAgain(fd);
  return own === undefined ? new ThreadSink(fd) : new PipeSink(own);
}

/** Lines that wait, in order, with a bound. */
class WaitingLines {
  dropped = 0;
  #lines: string[] = [];
  #octets = 0;

  push(line: string): void {
    const octets = Buffer.byteLength(line);
    if (this.#octets + octets > logWaitingOctetsMax) {
      this.dropped++;
      return;
    }
    this.#octets += octets;
    this.#lines.push(line);
  }

  /** The next piece, whole lines; `undefined` when nothing waits. */
  take(): Buffer | undefined {
    if (this.#lines.length === 0) return undefined;
    let octets = 0;
    let count = 0;
    while (count < this.#lines.length && (count === 0 || octets < pieceOctetsMax)) {
      octets += Buffer.byteLength(this.#lines[count]!);
      count++;
    }
    this.#octets -= octets;
    return Buffer.from(this.#lines.splice(0, count).join(""));
  }

  /** Nobody will read what waits. */
  drop(): void {
    this.dropped += this.#lines.length;
    this.#lines = [];
    this.#octets = 0;
  }
}

/** Over a non-blocking descriptor of our own: a write takes what there is room for, and returns. */
class PipeSink implements LogSink {
  readonly #fd: number;
  readonly #waiting = new WaitingLines();
  readonly #atExit = (): void => this.#flush();
  #piece: Buffer | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isScheduled = false;
  #isClosing = false;
  #isClosed = false;
  #triesLeft = closingTriesMax;

  constructor(fd: number) {
    this.#fd = fd;
    process.on("exit", this.#atExit);
  }

  get dropped(): number {
    return this.#waiting.dropped;
  }

  write(line: string): void {
    if (this.#isClosing) return;
    this.#waiting.push(line);
    if (this.#isScheduled || this.#timer !== undefined) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  [Symbol.dispose](): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#flush();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (;;) {
      this.#piece ??= this.#waiting.take();
      if (this.#piece === undefined) break;
      try {
        const written = writeSync(this.#fd, this.#piece);
        this.#piece = written < this.#piece.length ? this.#piece.subarray(written) : undefined;
      } catch (error) {
        if (isFull(error) && (!this.#isClosing || this.#triesLeft-- > 0)) {
          this.#timer = setTimeout(() => this.#flush(), fullPipeMs);
          if (!this.#isClosing) this.#timer.unref();
          return;
        }
        this.#piece = undefined; // the reader has gone, or does not read to the end
        this.#waiting.dropped++;
        this.#waiting.drop();
      }
    }
    if (this.#isClosing) this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    process.off("exit", this.#atExit);
    closeSync(this.#fd);
  }
}

/** Over a descriptor that may block: at most one thread of the pool ever waits in it. */
class ThreadSink implements LogSink {
  readonly #fd: number;
  readonly #waiting = new WaitingLines();
  #isWriting = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  get dropped(): number {
    return this.#waiting.dropped;
  }

  write(line: string): void {
    this.#waiting.push(line);
    if (!this.#isWriting) this.#next();
  }

  /** What waits is still written: the process ends after the last callback. */
  [Symbol.dispose](): void {}

  #next(): void {
    const piece = this.#waiting.take();
    this.#isWriting = piece !== undefined;
    if (piece !== undefined) this.#send(piece);
  }

  #send(piece: Buffer): void {
    write(this.#fd, piece, (error, written) => {
      if (isFull(error)) {
        setTimeout(() => this.#send(piece), fullPipeMs).unref();
      } else if (error !== null) {
        this.#waiting.dropped++;
        this.#next();
      } else if (written < piece.length) {
        this.#send(piece.subarray(written));
      } else {
        this.#next();
      }
    });
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}

function openAgain(fd: number): number | undefined {
  let again: number | undefined;
  try {
    const stat = fstatSync(fd);
    if (!stat.isFIFO() && !stat.isCharacterDevice()) return undefined;
    const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
    again = openSync(`/proc/self/fd/${fd}`, flags);
    const opened = fstatSync(again);
    if (opened.ino === stat.ino && opened.dev === stat.dev) return again;
  } catch {
    // Not Linux, or the file behind the descriptor belongs to another user.
  }
  if (again !== undefined) closeSync(again);
  return undefined;
}
