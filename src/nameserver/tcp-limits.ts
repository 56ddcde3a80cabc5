/** What DNS over TCP bears: every deadline and every cap. */

import type { AdmissionLimits } from "../base/admission.ts";

/** Above `connections` or `connectionsPerAddress` a new connection is closed at once. */
export interface TcpLimits extends AdmissionLimits {
  /** A connection without traffic is closed after this (RFC 7766 §6.2.3; Knot's default). */
  readonly idleMs: number;
  /** A message that has begun must be whole after this. */
  readonly messageMs: number;
  /** Replies that the client does not read: above it the connection is closed (CVE-2024-0760). */
  readonly unsentOctetsMax: number;
  /** Queries of one connection that wait for a signature; one more closes it. */
  readonly waitingMax: number;
  /** How long a query waits for a signature. */
  readonly waitingMs: number;
}

export const tcpLimits: TcpLimits = {
  connections: 1_000,
  connectionsPerAddress: 100,
  idleMs: 10_000,
  messageMs: 5_000,
  unsentOctetsMax: 128 * 1024,
  waitingMax: 100,
  waitingMs: 2_000,
};
