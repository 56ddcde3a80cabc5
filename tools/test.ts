/**
 * `npm test`: the static checks, then every test file. `npm test -- --long` asks the long fuzz and
 * kill runs for more (each `--word` or `--word=value` reaches the tests as NAMEWARD_TEST_WORD);
 * `npm test -- test/scenario` runs only the files below that path.
 */

import { availableParallelism } from "node:os";
import { Glob } from "bun";
import { staticSteps } from "./check.ts";
import { printResult, root, runSteps } from "./step.ts";
import type { Step, StepResult } from "./step.ts";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Folders whose files start servers and clients but measure nothing: they may share the machine.
 * Everything else under `test/` kills servers, fills disks or loads the machine, and runs alone.
 */
const sharingFolders = [
  "src/",
  "tools/",
  "bench/",
  "test/scenario/",
  "test/clients/",
  "test/interop/",
];

/** What `bun test` prints at its end, and what each word is to us. */
const summaryWords: Readonly<Record<string, keyof Counts>> = {
  pass: "passed",
  fail: "failed",
  error: "failed",
  skip: "skipped",
  todo: "skipped",
};

/** A step of ours counts as one test. A test file that ends badly without a failed test counts as one. */
export function countResult(result: StepResult): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [, number, word] of result.output.matchAll(
    /^ *(\d+) (pass|fail|error|skip|todo)s?$/gm,
  )) {
    const counted = summaryWords[word ?? ""];
    if (counted !== undefined) counts[counted] += Number(number);
  }
  if (!result.isGood && counts.failed === 0) counts.failed = 1;
  if (result.isGood && !isTestStep(result.step)) counts.passed = 1;
  return counts;
}

/** The line that a reader, and a continuous run, look for at the end. */
export function printCounts({ passed, failed, skipped }: Counts): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}

function isTestStep(step: Step): boolean {
  return step.command[1] === "test";
}

function testStep(path: string, env: Readonly<Record<string, string>>): Step {
  const command = [process.execPath, "test", `./${path}`];
  return { name: path, command, env, counts: /across (\d+) files?/ };
}

/** `--kills=300` becomes NAMEWARD_TEST_KILLS=300, `--long` becomes NAMEWARD_TEST_LONG=1. */
export function parseFlags(args: readonly string[]): Readonly<Record<string, string>> {
  const flags = args.filter((arg) => arg.startsWith("--"));
  return Object.fromEntries(
    flags.map((flag) => {
      const [word = "", value = "1"] = flag.slice(2).split("=", 2);
      return [`NAMEWARD_TEST_${word.toUpperCase().replaceAll("-", "_")}`, value];
    }),
  );
}

async function readTestPaths(within: readonly string[]): Promise<string[]> {
  const paths = await Array.fromAsync(new Glob("{src,tools,bench,test}/**/*.test.ts").scan(root));
  const isWanted = (path: string): boolean =>
    within.length === 0 || within.some((start) => path.startsWith(start.replace(/^\.\//, "")));
  return paths.filter(isWanted).sort();
}

async function main(args: readonly string[]): Promise<number> {
  const env = parseFlags(args);
  const within = args.filter((arg) => !arg.startsWith("--"));
  const paths = await readTestPaths(within);
  const mayShare = (path: string): boolean =>
    sharingFolders.some((folder) => path.startsWith(folder));
  const shared = paths.filter(mayShare).map((path) => testStep(path, env));
  const alone = paths.filter((path) => !mayShare(path)).map((path) => testStep(path, env));
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  const tell = (result: StepResult): void => {
    console.log(printResult(result));
    for (const line of result.output.match(/^SKIPPED .*$/gm) ?? []) console.log(`     ${line}`);
    const counts = countResult(result);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  };
  const lanes = availableParallelism();
  const checks = within.length === 0 ? staticSteps : [];
  await runSteps([...checks, ...shared], lanes, tell);
  await runSteps(alone, 1, tell);
  console.log(printCounts(total));
  return paths.length > 0 && total.passed > 0 && total.failed === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
