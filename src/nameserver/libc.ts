/**
 * The system calls that move many datagrams at once, which the runtime does not have: Linux on 64 bits,
 * GNU or musl. Where they are not there, sockets of the runtime are used.
 */

import { constants } from "node:os";
import { dlopen, read } from "bun:ffi";

const symbols = {
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  setsockopt: { args: ["i32", "i32", "i32", "ptr", "u32"], returns: "i32" },
  bind: { args: ["i32", "ptr", "u32"], returns: "i32" },
  getsockname: { args: ["i32", "ptr", "ptr"], returns: "i32" },
  close: { args: ["i32"], returns: "i32" },
  poll: { args: ["ptr", "u64", "i32"], returns: "i32" },
  recvmmsg: { args: ["i32", "ptr", "u32", "i32", "ptr"], returns: "i32" },
  sendmmsg: { args: ["i32", "ptr", "u32", "i32"], returns: "i32" },
  __errno_location: { args: [], returns: "ptr" },
} as const;

export type Libc = ReturnType<typeof dlopen<typeof symbols>>["symbols"];

const libraries = ["libc.so.6", `libc.musl-${process.arch === "x64" ? "x86_64" : "aarch64"}.so.1`];

/** Undefined where it cannot be used. */
export function openLibc(): Libc | undefined {
  const isKnown = process.arch === "x64" || process.arch === "arm64";
  if (process.platform !== "linux" || !isKnown) return undefined;
  for (const library of libraries) {
    try {
      return dlopen(library, symbols).symbols;
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}

/** A system call that failed, told as the runtime tells its own. */
export class SystemCallFailed extends Error {
  override readonly name = "SystemCallFailed";
  readonly code: string;

  constructor(call: string, errno: number) {
    const code = codeOf(errno);
    super(`${call}: ${code}`);
    this.code = code;
  }
}

/** Why the last call of this thread failed. To be asked at once. */
export function lastErrno(libc: Libc): number {
  const at = libc.__errno_location();
  return at === null ? 0 : read.i32(at, 0);
}

function codeOf(errno: number): string {
  const found = Object.entries(constants.errno).find(([, number]) => number === errno);
  return found?.[0] ?? `errno ${errno}`;
}
