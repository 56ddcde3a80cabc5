/** Times as people read them: how long ago, and exactly. */

import { texts } from "./texts.ts";

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

export function printAgo(at: string, nowMs: number): string {
  const seconds = Math.round((Date.parse(at) - nowMs) / 1_000);
  for (const [unit, length] of steps)
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  return Math.abs(seconds) < 5 ? relative.format(0, "second") : relative.format(seconds, "second");
}

export function printExact(at: string): string {
  return exact.format(new Date(at));
}

/** The time of day, and the date too where that is another. */
export function printClock(at: string, nowMs: number): string {
  const when = new Date(at);
  const isToday = when.toDateString() === new Date(nowMs).toDateString();
  return isToday ? clock.format(when) : exact.format(when);
}

export function printDate(at: string | null): string {
  return at === null ? texts.common.never : date.format(new Date(at));
}
