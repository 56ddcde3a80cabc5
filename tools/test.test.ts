import { expect, test } from "bun:test";
import { root, runStep } from "./step.ts";
import { countResult, parseFlags, printCounts } from "./test.ts";

const bunTest = { name: "x", command: ["bun", "test", "./x.test.ts"] };
const check = { name: "types", command: ["tsc"] };

const results = [
  ["a run of tests", bunTest, true, " 12 pass\n 3 skip\n 0 fail\n", [12, 0, 3]],
  ["a failed run", bunTest, false, " 12 pass\n 2 fail\n", [12, 2, 0]],
  ["an error outside of a test", bunTest, false, " 1 pass\n 0 fail\n 1 error\n", [1, 1, 0]],
  ["a run that died before it could count", bunTest, false, "panic\n", [0, 1, 0]],
  ["a test that prints numbers", bunTest, true, "saw 7 pass by\n 1 pass\n 0 fail\n", [1, 0, 0]],
  ["a check that holds", check, true, "", [1, 0, 0]],
  ["a check that does not", check, false, "error\n", [0, 1, 0]],
] as const;

for (const [what, step, isGood, output, [passed, failed, skipped]] of results) {
  test(`${what} is counted`, () => {
    expect(countResult({ step, isGood, output, ms: 1 })).toEqual({ passed, failed, skipped });
  });
}

test("the closing line names skipped tests only where there are any", () => {
  expect(printCounts({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
  expect(printCounts({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
});

test("flags reach the tests as variables", () => {
  expect(parseFlags(["--long", "--ledger-kills=300", "test/ledger"])).toEqual({
    NAMEWARD_TEST_LONG: "1",
    NAMEWARD_TEST_LEDGER_KILLS: "300",
  });
});

const steps = [
  ["a step that ends well is good", "echo 'read 3 files'", true],
  ["a step that ends with an error is not", "echo 'read 3 files'; exit 1", false],
  ["a step that read nothing is not", "echo 'read 0 files'", false],
  ["a step that does not say what it read is not", "true", false],
  ["a step that hangs is not", "exec sleep 600", false],
] as const;

for (const [sentence, script, isGood] of steps) {
  test(sentence, async () => {
    const deadlineMs = script.includes("sleep") ? 300 : 60_000;
    const step = { name: "x", command: ["sh", "-c", script], counts: /read (\d+)/, deadlineMs };
    expect((await runStep(step)).isGood).toBe(isGood);
  });
}

test("the root of the project is where package.json is", async () => {
  expect(await Bun.file(`${root}package.json`).exists()).toBe(true);
});
