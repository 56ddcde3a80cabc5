import { expect, test } from "bun:test";
import { makeCommandSource } from "./command.ts";
import type { Detected, Family } from "./source.ts";

const policy = { mayBePrivate: false };

/** Runs a script of the shell, as a program like any other. */
function detect(
  script: string,
  family: Family = 4,
  signal: AbortSignal = new AbortController().signal,
  msMax?: number,
): Promise<Detected> {
  return makeCommandSource(["/bin/sh", "-c", script], policy, msMax).detect(family, signal);
}

function print(detected: Detected): string {
  return detected.kind === "address" ? detected.address.text : `${detected.kind}: ${detected.why}`;
}

const cases: readonly (readonly [string, Family, string | RegExp])[] = [
  ["echo 8.8.4.4", 4, "8.8.4.4"],
  ["echo 8.8.4.4; echo 2600::1", 4, "8.8.4.4"],
  ["echo 8.8.4.4; echo 2600::1", 6, "2600::1"],
  ['[ "$NAMEWARD_FAMILY" = 6 ] && echo 2600::6', 6, "2600::6"],
  ["echo 8.8.4.4", 6, /^none: it prints no IPv6 address/],
  ["true", 4, /^none: /],
  ["echo 8.8.4.4 8.8.8.8", 4, /^failed: the answer has 2 addresses/],
  ["echo 10.0.0.1", 4, /^failed: 10.0.0.1 is not a global address/],
  ["echo 8.8.4.4; exit 3", 4, /^failed: it ended with exit code 3/],
  ["echo 8.8.4.4; kill -TERM $$", 4, /^failed: it ended with SIGTERM/],
  ["yes", 4, /^failed: it prints more than 4096 octets/],
];

for (const [script, family, expected] of cases) {
  test(`a program that does \`${script}\` for IPv${family}`, async () => {
    const said = print(await detect(script, family));
    if (typeof expected === "string") expect(said).toBe(expected);
    else expect(said).toMatch(expected);
  });
}

test("no shell takes part", async () => {
  const source = makeCommandSource(["/bin/echo", "8.8.4.$NAMEWARD_FAMILY"], policy);
  const said = await source.detect(4, new AbortController().signal);
  expect(print(said)).toBe("none: it prints no IPv4 address");
  expect(print(await detect("echo 8.8.4.$NAMEWARD_FAMILY"))).toBe("8.8.4.4"); // a shell would have
});

test("a program that is not there is told", async () => {
  const source = makeCommandSource(["/nonexistent/address"], policy);
  expect(print(await source.detect(4, new AbortController().signal))).toMatch(/^failed: /);
});

test("a program that hangs is ended, with all that it has started", async () => {
  const said = await detect("echo $$; sleep 1000 & sleep 1000", 4, undefined, 300);
  expect(print(said)).toMatch(/^failed: it did not end within 300 ms/);
  const calledOff = detect("sleep 1001 & sleep 1001", 4, AbortSignal.timeout(300));
  expect(print(await calledOff)).toMatch(/^failed: it was called off/);
  await Bun.sleep(100);
  const list = Bun.spawnSync(["ps", "-eo", "args"]).stdout.toString();
  expect(list).not.toMatch(/^sleep 100[01]$/m);
  expect(list).toMatch(/ps -eo args/); // it would have been seen
});
