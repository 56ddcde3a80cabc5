/** Programs that tests need and npm cannot install: Debian packages, see `.ci/run`. */

import { accessSync, constants } from "node:fs";
import { test } from "bun:test";

/** `named`, `knotd` and `ip` lie where the PATH of an ordinary user does not look. */
const folders = [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/sbin"];

/** The path of a program, `undefined` where it is not installed. */
export function tool(name: string): string | undefined {
  return folders
    .map((folder) => `${folder}/${name}`)
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * A test that needs programs. Where one is missing it is skipped and says so; with `CI` set it
 * fails, so that a continuous run never passes by skipping.
 */
export function testWith(
  tools: readonly string[],
  name: string,
  run: () => void | Promise<void>,
  timeoutMs = 30_000,
): void {
  const missing = tools.filter((wanted) => tool(wanted) === undefined);
  if (missing.length === 0) {
    test(name, run, timeoutMs);
  } else if (process.env["CI"]) {
    test(name, () => {
      throw new Error(`Not installed: ${missing.join(", ")}. .ci/run installs what tests need.`);
    });
  } else {
    process.stderr.write(`SKIPPED for want of ${missing.join(", ")}: ${name}\n`);
    test.skip(name, run);
  }
}

/** A module and no program: named among the tools, it is told where it is missing. */
const perlTls = "IO::Socket::SSL";
const hasPerlTls = Bun.spawnSync([tool("perl") ?? "false", `-M${perlTls}`, "-e", "1"]).success;

/** What ddclient needs for https, as `testWith` wants it. */
export const perlTlsTools: readonly string[] = hasPerlTls ? [] : [perlTls];
