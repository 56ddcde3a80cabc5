/**
 * That an address of this machine has changed, told within a second: on Linux the system says so (rtnetlink).
 * Elsewhere nothing is told, and looking every few minutes has to do.
 */

import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { dlopen } from "bun:ffi";

const symbols = {
  socket: { args: ["i32", "i32", "i32"], returns: "i32" },
  bind: { args: ["i32", "ptr", "u32"], returns: "i32" },
  recv: { args: ["i32", "ptr", "u64", "i32"], returns: "i64" },
  close: { args: ["i32"], returns: "i32" },
} as const;

type Libc = ReturnType<typeof dlopen<typeof symbols>>["symbols"];

/** Names of Linux, from socket.h and linux/rtnetlink.h. */
const familyNetlink = 16;
const typeRaw = 3;
const closeOnExec = 0o2_000_000;
const protocolRoute = 0;
const groupsOfAddresses = 0x10 | 0x100; // RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR
const dontWait = 0x40;

/** The runtime cannot wait for such a socket; asking it is one system call. */
const lookEveryMs = 500;

/** Calls `changed` after changes, several at once as one. Ends when disposed; does not keep a process alive. */
export function watchAddresses(changed: () => void): Disposable {
  const libc = openLibc();
  const socket = libc && openSocket(libc);
  if (libc === undefined || socket === undefined) return { [Symbol.dispose]: () => {} };
  let known = listAddresses();
  const timer = setInterval(() => {
    if (!hasNews(libc, socket)) return;
    // Each router advertisement renews lifetimes (RFC 4862 §5.5.3 e): that changes no address.
    const now = listAddresses();
    if (now === known) return;
    known = now;
    changed();
  }, lookEveryMs);
  timer.unref();
  let isOpen = true;
  return {
    [Symbol.dispose]: () => {
      if (!isOpen) return;
      isOpen = false;
      clearInterval(timer);
      libc.close(socket);
    },
  };
}

/** Undefined where there is no rtnetlink. */
function openLibc(): Libc | undefined {
  const isKnown = process.arch === "x64" || process.arch === "arm64";
  if (process.platform !== "linux" || !isKnown) return undefined;
  const musl = `libc.musl-${process.arch === "x64" ? "x86_64" : "aarch64"}.so.1`;
  for (const library of ["libc.so.6", musl]) {
    try {
      return dlopen(library, symbols).symbols;
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}

/** Subscribed to what happens to addresses. Undefined where that is not allowed. */
function openSocket(libc: Libc): number | undefined {
  const socket = libc.socket(familyNetlink, typeRaw | closeOnExec, protocolRoute);
  if (socket < 0) return undefined;
  const address = ownOctets(12); // struct sockaddr_nl: family, padding, port, groups
  const view = new DataView(address.buffer);
  view.setUint16(0, familyNetlink, true);
  view.setUint32(8, groupsOfAddresses, true);
  if (libc.bind(socket, address, address.length) === 0) return socket;
  libc.close(socket);
  return undefined;
}

/** What the messages say is looked up where all addresses are listed: their first octets are enough. */
const message = ownOctets(64);

/** Takes all messages. An overrun is told in the place of one; those behind it come the next time. */
function hasNews(libc: Libc, socket: number): boolean {
  let isAny = false;
  while (Number(libc.recv(socket, message, message.length, dontWait)) > 0) isAny = true;
  return isAny;
}

/** Memory that a pointer leads to stays where it is only in an ArrayBuffer of its own. */
function ownOctets(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(length));
}

/** All addresses with what is said of them, without their lifetimes. */
function listAddresses(): string {
  const v4 = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).map((one) => `${name} ${one.address}`),
  );
  return `${v4.join("\n")}\n${readIfInet6()}`;
}

/** Without those of the link alone (scope 20), which are nobody's answer. */
function readIfInet6(): string {
  try {
    const lines = readFileSync("/proc/net/if_inet6", "latin1").split("\n");
    return lines.filter((line) => line.split(/ +/)[3] !== "20").join("\n");
  } catch {
    return ""; // no IPv6
  }
}
