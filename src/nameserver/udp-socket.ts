/** UDP sockets as plain descriptors: opened and closed by the main thread, read and written by DNS threads. */

import { parseAddress } from "../base/address.ts";
import { lastErrno, SystemCallFailed } from "./libc.ts";
import type { Libc } from "./libc.ts";
import type { DnsAddress } from "./thread-messages.ts";

/** Linux, <bits/socket.h>, <netinet/in.h>: the same on x86-64 and arm64. */
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_REUSEPORT = 15;
const SO_RCVTIMEO = 20;
const IPPROTO_IP = 0;
const IP_PKTINFO = 8;
const IP_MTU_DISCOVER = 10;
const IPPROTO_IPV6 = 41;
const IPV6_MTU_DISCOVER = 23;
const IPV6_V6ONLY = 26;
const IPV6_RECVPKTINFO = 49;
/** Do not believe what ICMP says of the path, and do not set DF: RFC 9715 §3.1 against spoofed fragments. */
const PMTUDISC_OMIT = 5;

/** Datagrams that wait while a thread is busy. The system may grant less. */
const receiveBufferOctets = 4 * 1024 * 1024;
/** A thread that waits for a datagram looks up this often, to see whether it is to end. */
export const receiveWaitMs = 200;

/** struct sockaddr_in6, and the shorter sockaddr_in. */
export const sockaddrOctets = 28;
export const sockaddr4Octets = 16;

export interface UdpDescriptor extends Disposable {
  readonly fd: number;
  readonly port: number;
  readonly family: 4 | 6;
  /** Bound to all addresses: each reply has to say which one it comes from. */
  readonly isWildcard: boolean;
}

/** `isShared`: others listen on the same address and port, and the system spreads what comes. */
export function openUdpSocket(
  libc: Libc,
  { hostname, port }: DnsAddress,
  isShared: boolean,
): UdpDescriptor {
  const address = parseAddress(hostname);
  if (address === undefined) throw new Error(`${hostname} is not an address`);
  const { family, octets } = address;
  const fd = libc.socket(family === 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  check(libc, "socket", fd);
  try {
    const isWildcard = octets.every((octet) => octet === 0);
    const set = (level: number, option: number, value: number): void => {
      check(libc, "setsockopt", libc.setsockopt(fd, level, option, Int32Array.of(value), 4));
    };
    /** What not every system has, and what is only better with it. */
    const wish = (level: number, option: number, value: number): void => {
      libc.setsockopt(fd, level, option, Int32Array.of(value), 4);
    };
    wish(SOL_SOCKET, SO_RCVBUF, receiveBufferOctets);
    if (isShared) set(SOL_SOCKET, SO_REUSEPORT, 1);
    const wait = BigInt64Array.of(0n, BigInt(receiveWaitMs * 1_000)); // struct timeval
    check(libc, "setsockopt", libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, wait, 16));
    if (family === 4) {
      wish(IPPROTO_IP, IP_MTU_DISCOVER, PMTUDISC_OMIT);
      if (isWildcard) set(IPPROTO_IP, IP_PKTINFO, 1);
    } else {
      set(IPPROTO_IPV6, IPV6_V6ONLY, 1);
      wish(IPPROTO_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_OMIT);
      if (isWildcard) set(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    }
    const name = new Uint8Array(sockaddrOctets);
    const view = new DataView(name.buffer);
    view.setUint16(0, family === 4 ? AF_INET : AF_INET6, true);
    view.setUint16(2, port);
    name.set(octets, family === 4 ? 4 : 8);
    check(libc, "bind", libc.bind(fd, name, family === 4 ? sockaddr4Octets : sockaddrOctets));
    check(libc, "getsockname", libc.getsockname(fd, name, Uint32Array.of(sockaddrOctets)));
    return {
      fd,
      port: view.getUint16(2),
      family,
      isWildcard,
      [Symbol.dispose]: () => void libc.close(fd),
    };
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

function check(libc: Libc, call: string, result: number): void {
  if (result < 0) throw new SystemCallFailed(call, lastErrno(libc));
}
