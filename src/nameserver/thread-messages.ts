/** What the main thread and a DNS thread say to each other. Answers need none of it. */

import type { ServerNames } from "./chaos.ts";
import type { ResponseLimitRule } from "./response-limit.ts";
import type { SigningParts } from "./signed-reply.ts";
import type { TcpLimits } from "./tcp-limits.ts";

export interface DnsAddress {
  readonly hostname: string;
  readonly port: number;
}

/** What every thread that answers needs. */
export interface AnsweringOrders {
  readonly zones: SharedArrayBuffer;
  readonly hashSeed: number;
  readonly reader: number;
  readonly counts: SharedArrayBuffer;
  readonly cookieSecrets: SharedArrayBuffer;
  readonly limitRule: ResponseLimitRule;
  readonly limitTable: SharedArrayBuffer;
  readonly signing: SigningParts;
  readonly names: ServerNames;
  readonly tcpLimits: TcpLimits;
}

/** To a thread with an event loop: TCP, and UDP where datagrams cannot be read many at a time. */
export interface SocketOrders extends AnsweringOrders {
  readonly listen: readonly DnsAddress[];
  readonly hasUdp: boolean;
}

/** To a thread that reads descriptors and does nothing else. */
export interface DatagramOrders extends AnsweringOrders {
  readonly sockets: readonly {
    readonly fd: number;
    readonly family: 4 | 6;
    readonly isWildcard: boolean;
  }[];
  /** One word: not 0 when the thread is to end. */
  readonly stop: SharedArrayBuffer;
}

export type ThreadReport =
  | { readonly kind: "up"; readonly bound: readonly DnsAddress[] }
  /** `code` as the system names it, such as EADDRINUSE. */
  | {
      readonly kind: "cannot-listen";
      readonly address: DnsAddress;
      readonly code: string;
      readonly why: string;
    }
  | { readonly kind: "failure"; readonly why: string };
