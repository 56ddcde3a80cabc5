/** The text of a configuration file, or why it cannot be read. */

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

import type { Mistake, Place } from "./mistake.ts";

/** A configuration has a few kilobytes; what is larger is another file. */
export const configOctetsMax = 1_048_576;

export function readConfigText(file: string, mistakes: Mistake[]): string | undefined {
  const whole: Place = { kind: "file", file, line: 0, column: 0, lineText: "", length: 0 };
  const octets = readOctets(file);
  if (typeof octets === "string") {
    mistakes.push({ place: whole, what: `cannot read the file: ${octets}`, fix: undefined });
    return undefined;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch {
    mistakes.push({ place: whole, what: "the file is not UTF-8 text", fix: undefined });
    return undefined;
  }
}

/** The octets, or why there are none. Waits for nobody: a FIFO in the place of the file is refused. */
function readOctets(file: string): Uint8Array | string {
  let fd: number | undefined;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!fstatSync(fd).isFile()) return "it is not a regular file";
    const octets = new Uint8Array(configOctetsMax + 1);
    let length = 0;
    for (;;) {
      const count = readSync(fd, octets, length, octets.length - length, null);
      length += count;
      if (length > configOctetsMax) return `it is larger than ${configOctetsMax} octets`;
      if (count === 0) return octets.subarray(0, length);
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return reasons[code] ?? code;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is not a folder",
  ELOOP: "its symbolic links go in a circle",
};
