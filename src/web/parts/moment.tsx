/** A time: how long ago, with the exact time for who asks; it moves on by itself. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { texts } from "../texts.ts";
import { printAgo, printClock, printExact } from "../time.ts";

/** One clock for all: a page of 200 rows has one timer. */
const ticks = new Set<() => void>();
const tickMs = 10_000;

export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const tick = (): void => setNow(Date.now());
    ticks.add(tick);
    return () => {
      ticks.delete(tick);
    };
  }, []);
  return now;
}

setInterval(() => {
  for (const tick of ticks) tick();
}, tickMs);

export function Moment({
  at,
  as = "ago",
}: {
  readonly at: string | null;
  readonly as?: "ago" | "clock";
}): JSX.Element {
  const now = useNow();
  if (at === null) return <span class="soft">{texts.common.never}</span>;
  return (
    <time dateTime={at} title={printExact(at)}>
      {as === "ago" ? printAgo(at, now) : printClock(at, now)}
    </time>
  );
}
