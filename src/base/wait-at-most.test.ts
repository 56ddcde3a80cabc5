import { expect, test } from "bun:test";
import { waitAtMost } from "./wait-at-most.ts";

const never = new Promise<void>(() => undefined);
const dayMs = 86_400_000;
/** A process that hangs is ended by then. */
const processMs = 30_000;

test("it waits for what comes, and not for what does not", async () => {
  let hasCome = false;
  await waitAtMost(
    dayMs,
    Bun.sleep(1).then(() => void (hasCome = true)),
  );
  expect(hasCome).toBe(true);
  await waitAtMost(1, never);
  await expect(waitAtMost(dayMs, Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

test(
  "a process that has waited for less than it might have ends",
  async () => {
    const module = new URL("./wait-at-most.ts", import.meta.url).href;
    const script = `import { waitAtMost } from ${JSON.stringify(module)};
      await waitAtMost(${dayMs}, Promise.resolve());`;
    const command = [process.execPath, "-e", script];
    const child = Bun.spawn(command, { timeout: processMs, killSignal: "SIGKILL" });
    await child.exited;
    expect([child.exitCode, child.signalCode]).toEqual([0, null]);
  },
  2 * processMs,
);
