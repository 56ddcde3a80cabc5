/** Signed zone files before the programs that people check them with. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "../debian.ts";

/**
 * The arguments that each needs for the zone at `apex` in `file`; `-z`: one key may do everything.
 * kzonecheck (Knot 3.2.6) wants every RRset signed by every key when none of them is a ZSK, and refuses what
 * dnssec-signzone makes with a key in waiting; RFC 4035 §2.2 wants a signature for every algorithm. It looks
 * at signatures while there is one key.
 */
const checks = {
  "dnssec-verify": (apex: string, file: string) => ["-q", "-z", "-o", apex, file],
  "ldns-verify-zone": (_apex: string, file: string) => [file],
  kzonecheck: (apex: string, file: string, keys: number) =>
    keys === 1 ? ["-d", "on", "-o", apex, file] : ["-d", "off", "-o", apex, file],
  "named-checkzone": (apex: string, file: string) => [apex, file],
} as const satisfies Record<
  string,
  (apex: string, file: string, keys: number) => readonly string[]
>;

export type Checker = keyof typeof checks;
export const checkers = Object.keys(checks) as Checker[];

export interface Checked {
  readonly code: number | null;
  readonly said: string;
}

export function check(checker: Checker, apex: string, zone: string): Checked {
  using file = scratchFile(zone);
  const keys = zone.match(/\tDNSKEY\t/g)?.length ?? 0;
  return run(checker, checks[checker](apex, file.path, keys));
}

export function run(program: string, argv: readonly string[]): Checked {
  const ended = spawnSync(tool(program)!, [...argv], { encoding: "latin1", timeout: 30_000 });
  return { code: ended.status, said: `${ended.stdout}${ended.stderr}` };
}

export function scratchFile(text: string): { readonly path: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "nameward-signed-"));
  const path = join(folder, "zone");
  writeFileSync(path, text, "latin1");
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
