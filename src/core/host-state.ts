/** What is known of a host, in one word. Never "online": most devices speak only when their address changes. */

export type HostState = "waiting" | "current" | "quiet" | "silent" | "held" | "fixed";

export interface HostSigns {
  readonly isHeld: boolean;
  readonly isFixed: boolean;
  /** Undefined: never. */
  readonly heardAtMs: number | undefined;
  /** Mean time between contacts; undefined: not known. */
  readonly rhythmMs: number | undefined;
  /** Silence after which its owner is told; undefined: by its rhythm; 0: never. */
  readonly alertMs: number | undefined;
}

/** A host is late when it was silent for so many times its rhythm, and at least so long. */
const lateTimes = 3;
const lateMs = 15 * 60_000;
/** Silent, where its owner has set nothing: so many times its rhythm, and at least a day. */
const silentTimes = 20;
const silentMs = 24 * 3_600_000;

export function stateOf(signs: HostSigns, nowMs: number): HostState {
  const { isHeld, isFixed, heardAtMs, rhythmMs, alertMs } = signs;
  if (isHeld) return "held";
  if (isFixed) return "fixed";
  if (heardAtMs === undefined) return "waiting";
  const silence = nowMs - heardAtMs;
  const limit = silentAfterMs(rhythmMs, alertMs);
  if (limit > 0 && silence > limit) return "silent";
  if (rhythmMs !== undefined && silence > Math.max(rhythmMs * lateTimes, lateMs)) return "quiet";
  return "current";
}

/** 0: silence of this host is not told. */
export function silentAfterMs(rhythmMs: number | undefined, alertMs: number | undefined): number {
  if (alertMs !== undefined) return alertMs;
  return rhythmMs === undefined ? 0 : Math.max(rhythmMs * silentTimes, silentMs);
}
