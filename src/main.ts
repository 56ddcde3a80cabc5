/** argv to a command. The only reader of process.argv and the only setter of the exit code. */

const argv = process.argv.slice(2);

process.exitCode = argv[0] === "client" ? await runClient(argv.slice(1)) : await runServer();

/** The client loads nothing of the server: it has to start fast and stay small. */
async function runClient(words: readonly string[]): Promise<number> {
  const { runClient: run } = await import("./client/client.ts");
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  const io = {
    // Opened when it is read: a daemon must not hold the terminal's input.
    get stdin(): AsyncIterable<Uint8Array> {
      return Bun.stdin.stream();
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    isTerminal: process.stderr.isTTY === true,
  };
  return run(words, io, {
    stop: stop.signal,
    // On a terminal it says that the terminal is gone.
    onPoke: (look) => {
      if (!io.isTerminal) process.on("SIGHUP", look);
    },
  });
}

function ignoreClosedPipe(error: Error): void {
  if (!("code" in error) || error.code !== "EPIPE") throw error;
}

async function runServer(): Promise<number> {
  const [{ run }, { processIo }, { serverCommands }] = await Promise.all([
    import("./cli/run.ts"),
    import("./cli/io.ts"),
    import("./server-commands.ts"),
  ]);
  return run(argv, processIo(), serverCommands);
}

export {};
