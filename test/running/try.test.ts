/** `nameward try`: the lines it prints work when pasted, the fleet moves, and nothing is left behind. */

import { expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../tools/step.ts";
import { testWith } from "../debian.ts";

const free = ["--web", "127.0.0.1:0", "--devices", "127.0.0.1:0", "--dns", "127.0.0.1:0"];
const patienceMs = 30_000;

async function readUntil(stream: ReadableStream<Uint8Array>, wanted: string): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes(wanted)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value);
  }
  reader.releaseLock();
  return text;
}

function shell(line: string): string {
  return Bun.spawnSync(["sh", "-c", line], { timeout: patienceMs }).stdout.toString().trim();
}

/** The command behind a word at the beginning of a line. */
function lineOf(welcome: string, word: string): string {
  const line = welcome.split("\n").find((candidate) => candidate.trim().startsWith(word)) ?? "";
  return line.trim().slice(word.length).trim();
}

testWith(
  ["curl", "dig"],
  "the lines that try prints work when pasted",
  async () => {
    const temporary = await mkdtemp(join(tmpdir(), "try-test-"));
    const child = Bun.spawn([`${root}bin/nameward`, "try", ...free], {
      env: { PATH: process.env["PATH"], TMPDIR: temporary },
      stdout: "pipe",
      stderr: "inherit",
    });
    try {
      const welcome = await readUntil(child.stdout, "A moving one");
      await Bun.sleep(100); // the rest of that line
      expect(shell(lineOf(welcome, "Update").replace("curl", "curl -s"))).toBe("good 203.0.113.7");
      expect(shell(lineOf(welcome, "Ask DNS"))).toBe("203.0.113.7");

      const seen = new Set<string>();
      const url = `${lineOf(welcome, "Watch")}.json`;
      const until = performance.now() + patienceMs;
      while (seen.size < 3 && performance.now() < until) {
        seen.add(JSON.stringify(((await (await fetch(url)).json()) as { hosts: unknown }).hosts));
        await Bun.sleep(200);
      }
      expect(seen.size).toBeGreaterThanOrEqual(3); // before, and after two moves

      expect((await readdir(temporary)).length).toBe(1);
      child.kill("SIGINT");
      expect(await child.exited).toBe(0);
      expect(await readdir(temporary)).toEqual([]);
    } finally {
      child.kill("SIGKILL");
      await rm(temporary, { recursive: true, force: true });
    }
  },
  90_000,
);

test("try says what it is in its help", () => {
  const help = Bun.spawnSync([`${root}bin/nameward`, "try", "--help"]);
  expect(help.exitCode).toBe(0);
  expect(help.stdout.toString()).toContain("throw-away");
});
