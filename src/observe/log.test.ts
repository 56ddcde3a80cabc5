import { afterAll, expect, test } from "bun:test";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { logWaitingOctetsMax } from "./log-sink.ts";
import { cleanText, describeError, logFieldCharactersMax } from "./log-text.ts";
import { makeTextLog } from "./log.ts";

const folder = mkdtempSync(join(tmpdir(), "nameward-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const logModule = JSON.stringify(join(import.meta.dir, "log.ts"));

/** Runs a program whose standard error is `stderr`; what it prints is its report. */
function child(program: string, stderr: number) {
  const script = `import { openLog } from ${logModule};\n${program}`;
  return Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr });
}

/** Runs a program whose standard error is a file, and gives back the file. */
async function logged(program: string): Promise<string> {
  const file = join(folder, `${crypto.randomUUID()}.log`);
  const fd = openSync(file, "a");
  expect(await child(program, fd).exited).toBe(0);
  closeSync(fd);
  return readFileSync(file, "utf8");
}

/** A pipe whose reader is there and reads only when it is told to. */
async function openPipe(): Promise<{ reader: number; writer: number } & Disposable> {
  const path = join(folder, `${crypto.randomUUID()}.fifo`);
  expect(await Bun.spawn(["mkfifo", path]).exited).toBe(0);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  const dispose = (): void => {
    closeSync(reader);
    closeSync(writer);
  };
  return { reader, writer, [Symbol.dispose]: dispose };
}

/** 200 bursts of 500 lines, the event loop turning between them, then one report. */
const flood = `
const report = () => console.log(JSON.stringify({ dropped: log.dropped }));
for (let burst = 0; burst < 200; burst++) {
  for (let i = 0; i < 500; i++) log.info({ burst, i, agent: "x".repeat(100) }, "A request came in");
  await new Promise((resolve) => setTimeout(resolve, 1));
}
report();`;

test("a pipe that nobody reads neither stalls the program nor makes it grow", async () => {
  using pipe = await openPipe();
  const program = `using log = openLog({ level: "info", format: "auto", fd: 2 });${flood}`;
  const running = child(program, pipe.writer);
  expect(await running.exited).toBe(0);
  const { dropped } = JSON.parse(await running.stdout.text()) as { dropped: number };
  const lines = 100_000;
  const lineOctets = 150;
  const pipeOctetsMax = 1_048_576;
  expect(dropped).toBeLessThan(lines);
  expect((lines - dropped) * lineOctets).toBeLessThan(logWaitingOctetsMax + pipeOctetsMax);
}, 60_000);

test("control: the same flood stalls a program that waits for the reader of its log", async () => {
  using pipe = await openPipe();
  const program = `
    import { writeSync } from "node:fs";
    const log = { dropped: 0, info: (f, s) => writeSync(2, JSON.stringify({ ...f, s }) + "\\n") };
    ${flood}`;
  const running = child(program, pipe.writer);
  const ended = await Promise.race([running.exited, Bun.sleep(4_000).then(() => "stalled")]);
  running.kill("SIGKILL");
  await running.exited;
  expect(ended).toBe("stalled");
}, 60_000);

test("a reader that comes late gets whole lines, in order", async () => {
  using pipe = await openPipe();
  // More than a pipe holds, less than may wait.
  const program = `
    using log = openLog({ level: "info", format: "json", fd: 2 });
    for (let i = 0; i < 2_000; i++) log.info({ i, agent: "x".repeat(200) }, "A request came in");
    console.log("written");
    await new Promise((resolve) => setTimeout(resolve, 300));`;
  const running = child(program, pipe.writer);
  await running.stdout.getReader().read();
  const octets: Buffer[] = [];
  let hasEnded = false;
  void running.exited.then(() => (hasEnded = true));
  for (;;) {
    const isLast = hasEnded;
    const chunk = Buffer.alloc(65_536);
    try {
      octets.push(chunk.subarray(0, readSync(pipe.reader, chunk)));
    } catch {
      if (isLast) break; // EAGAIN: empty, and nobody will write any more
      await Bun.sleep(5);
    }
  }
  const lines = Buffer.concat(octets).toString().trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { i: number }).i)).toEqual(
    Array.from({ length: 2_000 }, (_, i) => i),
  );
}, 60_000);

/** What a device can send as its name, and what must not come through. */
const hostile = [
  'x\n{"level":"fatal"}', // a line of its own
  "\u001b[2J\u001b]0;owned\u0007", // clears the terminal and names its window
  "\u009b31m", // the same with a C1 octet
  "a\u2028b\u2029c", // line ends for some readers
  "\u202egpj.exe", // turns the writing direction
  "half \ud800 pair",
  '", "level": "fatal", "a": "',
] as const;

test("every line is one JSON object, whatever a client calls itself", async () => {
  const text = await logged(`
    using log = openLog({ level: "info", format: "json", fd: 2 });
    for (const agent of ${JSON.stringify(hostile)}) log.info({ agent, level: "x" }, "A request came in");`);
  const lines = text.trimEnd().split("\n");
  expect(lines).toHaveLength(hostile.length);
  for (const line of lines) {
    const value = JSON.parse(line) as Record<string, string>;
    expect(value["level"]).toBe("info");
    expect(value["msg"]).toBe("A request came in");
    // Not only the line: a tool that prints the field must not send an escape to a terminal either.
    expect(value["agent"]).not.toMatch(/[\p{Cc}\u2028-\u202e]/u);
    expect(line).not.toMatch(/[\p{Cc}\u2028-\u202e]/u);
  }
});

test("lines below the level are not written, and errors carry their causes and stack", async () => {
  const text = await logged(`
    using log = openLog({ level: "warn", format: "json", fd: 2 });
    log.info({}, "not written");
    log.error({ error: new Error("commit failed", { cause: new Error("no space\\n") }) }, "The store failed");`);
  const lines = text.trimEnd().split("\n");
  expect(lines).toHaveLength(1);
  const value = JSON.parse(lines[0]!) as Record<string, string>;
  expect(value["error"]).toBe("commit failed, because no space\\x0a");
  expect(value["errorStack"]).toMatch(/^at /);
});

test("a line in text form is one line, and values with spaces are quoted", () => {
  const lines: string[] = [];
  const log = makeTextLog("info", (line) => lines.push(line));
  log.debug({}, "not written");
  log.warn({ path: "/srv/a b", count: 2, agent: "x\ny", absent: undefined }, "The disk is full");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /^\d\d:\d\d:\d\d warn {2}The disk is full {2}path="\/srv\/a b" {2}count=2 {2}agent=x\\x0ay\n$/,
  );
});

test("a field is cut, and so is an endless chain of causes", () => {
  expect(cleanText("x".repeat(100_000))).toHaveLength(logFieldCharactersMax + 1);
  const loop = new Error("round");
  loop.cause = loop;
  expect(describeError(loop)).toBe("round" + ", because round".repeat(4));
});
