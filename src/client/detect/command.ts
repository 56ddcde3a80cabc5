/** What a program of the user prints: one address of the family that `NAMEWARD_FAMILY` names. */

import { spawn } from "node:child_process";
import { failed, findAddresses, judge, none } from "./judge.ts";
import type { Policy } from "./judge.ts";
import type { Source } from "./source.ts";

const runMsMax = 15_000;
const outputOctetsMax = 4_096;

/** No shell takes part: `words` are the program and its arguments as they are. */
export function makeCommandSource(
  words: readonly [program: string, ...args: string[]],
  policy: Policy,
  msMax = runMsMax,
): Source {
  const [program, ...args] = words;
  return {
    // Without the arguments: there may be a secret among them.
    name: `command ${program}`,
    detect: async (family, signal) => {
      const ran = await run(program, args, { NAMEWARD_FAMILY: String(family) }, msMax, signal);
      if (ran.kind === "failed") return failed(ran.why);
      const found = findAddresses(ran.output).filter((address) => address.family === family);
      if (found.length === 0) return none(`it prints no IPv${family} address`);
      return judge(found, family, policy);
    },
  };
}

type Ran =
  | { readonly kind: "output"; readonly output: string }
  | { readonly kind: "failed"; readonly why: string };

async function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  msMax: number,
  signal: AbortSignal,
): Promise<Ran> {
  if (signal.aborted) return { kind: "failed", why: "it was called off" };
  const ended = Promise.withResolvers<Ran>();
  // In a group of its own where there are such: what it has started ends with it.
  const isGroup = process.platform !== "win32";
  const child = spawn(program, args, {
    detached: isGroup,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "ignore"],
    windowsHide: true,
  });
  const fail = (why: string): void => ended.resolve({ kind: "failed", why });
  let output = "";
  child.stdout.setEncoding("latin1");
  child.stdout.on("data", (text: string) => {
    output += text;
    if (output.length > outputOctetsMax) fail(`it prints more than ${outputOctetsMax} octets`);
  });
  child.on("error", (error) => fail(`it cannot be started: ${error.message}`));
  child.on("close", (code, endedBy) => {
    if (code === 0) ended.resolve({ kind: "output", output });
    else fail(`it ended with ${code === null ? endedBy : `exit code ${code}`}`);
  });
  const timer = setTimeout(() => fail(`it did not end within ${msMax} ms`), msMax);
  const abort = (): void => fail("it was called off");
  signal.addEventListener("abort", abort);
  const ran = await ended.promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", abort);
  if (ran.kind === "failed") end(child.pid, isGroup);
  child.stdout.destroy();
  return ran;
}

function end(pid: number | undefined, isGroup: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(isGroup ? -pid : pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
