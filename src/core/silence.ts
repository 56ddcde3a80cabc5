/** When the owner of a host is told that its device is not heard any more, and that it is heard again. */

import { silentAfterMs } from "./host-state.ts";
import type { HostSigns } from "./host-state.ts";

/** `settle`: it is over without a word, since silence of this host is not told any more, or only later. */
export type SilenceStep = "none" | "tell" | "recover" | "settle";

export interface SilenceSigns extends HostSigns {
  /** When its silence was told; undefined: it was not. */
  readonly toldAtMs: number | undefined;
  /** Since when devices can be heard without a pause: since the start, or since a broken store took updates again. */
  readonly listeningSinceMs: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** After a pause of ours a device has so many times its rhythm to be heard, and at least so long. */
const graceTimes = 3;
const graceMs = 15 * minuteMs;
/** Where no rhythm is known. */
const graceUnknownMs = dayMs;
/** However slow the device is: a service that is restarted every week still tells of silence. */
const graceMostMs = 7 * dayMs;

export function decideSilence(signs: SilenceSigns, nowMs: number): SilenceStep {
  const { isHeld, isFixed, heardAtMs, rhythmMs, alertMs, toldAtMs, listeningSinceMs } = signs;
  if (heardAtMs === undefined) return "none";
  if (toldAtMs !== undefined && heardAtMs > toldAtMs) return "recover";
  if (isHeld) return "none"; // its device is refused: what it does then says nothing
  const limitMs = silentAfterMs(rhythmMs, alertMs);
  const isSilent = limitMs > 0 && nowMs - heardAtMs > limitMs && !isFixed;
  if (toldAtMs !== undefined) return isSilent ? "none" : "settle";
  if (!isSilent || nowMs - listeningSinceMs < graceOf(rhythmMs, limitMs)) return "none";
  return "tell";
}

/** What was heard just before a pause of ours may be lost, and what came in it was not heard. */
function graceOf(rhythmMs: number | undefined, limitMs: number): number {
  const own = rhythmMs === undefined ? graceUnknownMs : Math.max(rhythmMs * graceTimes, graceMs);
  return Math.min(own, limitMs, graceMostMs);
}
