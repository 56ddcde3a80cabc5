/** What a command reads from and writes to. A test passes its own. */

export interface Io {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard error is a terminal: mistakes are shown with the line they stand on. */
  readonly isTerminal: boolean;
}

export interface TextSink {
  write(text: string): unknown;
}

/** The real one. A reader that has seen enough (`| head`) is no failure. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  return {
    // Opened when it is read: a service that never does must not hold the terminal's input.
    get stdin() {
      return Bun.stdin.stream();
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    isTerminal: process.stderr.isTTY === true,
  };
}

function ignoreClosedPipe(error: Error): void {
  if (!("code" in error) || error.code !== "EPIPE") throw error;
}
