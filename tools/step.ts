/** Steps: commands whose exit code and output say whether something about the project holds. */

import { fileURLToPath } from "node:url";

/** Every step runs here, and every path in a step is relative to it. */
export const root = fileURLToPath(new URL("..", import.meta.url));

export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Finds in the output how many files were read. A check that sees nothing must fail, and tools
   * differ in whether they say so by themselves.
   */
  readonly counts?: RegExp;
  readonly deadlineMs?: number;
}

export interface StepResult {
  readonly step: Step;
  readonly isGood: boolean;
  readonly output: string;
  readonly ms: number;
}

/** Long enough for the slowest test file on a loaded machine; a step that takes longer hangs. */
const stepDeadlineMs = 15 * 60_000;

export async function runStep(step: Step): Promise<StepResult> {
  const startedMs = performance.now();
  const child = Bun.spawn([...step.command], {
    cwd: root,
    env: { ...process.env, ...step.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const deadlineMs = step.deadlineMs ?? stepDeadlineMs;
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, deadlineMs);
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  clearTimeout(deadline);
  let output = out + err;
  if (isLate) output += `\nEnded after ${deadlineMs / 1_000} s without a result.\n`;
  const seen = step.counts?.exec(output)?.[1];
  const isBlind = step.counts !== undefined && (seen === undefined || Number(seen) === 0);
  if (isBlind) output += `\nThis step read no files, so it says nothing.\n`;
  const isGood = code === 0 && !isLate && !isBlind;
  return { step, isGood, output, ms: performance.now() - startedMs };
}

/** Runs at most `lanes` steps at a time, in order, and tells each result as it comes. */
export async function runSteps(
  steps: readonly Step[],
  lanes: number,
  tell: (result: StepResult) => void,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  const queue = [...steps];
  const lane = async (): Promise<void> => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      const result = await runStep(step);
      results.push(result);
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

/** One line a step; the whole output only where something is wrong. */
export function printResult(result: StepResult): string {
  const seconds = (result.ms / 1_000).toFixed(1).padStart(6);
  const line = `${result.isGood ? "ok  " : "FAIL"} ${seconds} s  ${result.step.name}`;
  if (result.isGood) return line;
  return `${line}\n${result.output.trimEnd()}\n`;
}
