/** Sessions of people: how long one lasts. What a browser holds is kept as its hash alone. */

import type { UserId } from "../user.ts";

export interface Session {
  /** Public: what lists show. */
  readonly id: string;
  readonly user: UserId;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
  /** When the person last proved who it is. */
  readonly provedAtMs: number;
  readonly peer: string;
  readonly userAgent: string;
}

export interface SessionLife {
  readonly idleMs: number;
  readonly wholeMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** ASVS 7.3.1, 7.3.2. Who may do more is asked more often. */
const lives = {
  user: { idleMs: 12 * hourMs, wholeMs: 14 * 24 * hourMs },
  admin: { idleMs: 30 * minuteMs, wholeMs: 12 * hourMs },
} as const satisfies Record<string, SessionLife>;

/** No session of anybody is older. */
export const longestLife: SessionLife = lives.user;

export function isOver(session: Session, isAdmin: boolean, nowMs: number): boolean {
  const { idleMs, wholeMs } = isAdmin ? lives.admin : lives.user;
  return nowMs - session.seenAtMs > idleMs || nowMs - session.createdAtMs > wholeMs;
}

/** That a session is in use is written at most this often. */
const seenEveryMs = minuteMs;

export function isSeenDue(session: Session, nowMs: number): boolean {
  return nowMs - session.seenAtMs >= seenEveryMs;
}
