/** The corpus in `test/fixtures`: a value a line, the reason for it in the `#` line above. */

import { readFileSync } from "node:fs";

export interface Fixture {
  readonly why: string;
  readonly line: string;
}

/** Throws for a value without a reason: nobody would dare to take it out again. */
export function readFixtures(path: string): readonly Fixture[] {
  const file = new URL(`../fixtures/${path}`, import.meta.url);
  const fixtures: Fixture[] = [];
  let why = "";
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line.startsWith("# ")) {
      why = line.slice(2);
    } else if (line === "") {
      why = "";
    } else {
      if (why === "") throw new Error(`${path}: no reason for ${line}`);
      fixtures.push({ why, line });
    }
  }
  return fixtures;
}

export function parseHexLine(line: string): Uint8Array {
  return Uint8Array.fromHex(line.replaceAll(" ", ""));
}

/** `TYPE hex`. */
export function parseRdataLine(line: string): {
  readonly type: string;
  readonly rdata: Uint8Array;
} {
  const [type = "", ...hex] = line.split(" ");
  return { type, rdata: parseHexLine(hex.join("")) };
}
