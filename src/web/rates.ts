/** Running totals as events tell them once a second, kept as what came each second. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useLive } from "./live.ts";
import { rateBetween } from "./rate.ts";
import type { Counters, Heard, Rates } from "./rate.ts";

/** Five minutes. */
const pointsMax = 300;

/** `asked`: the totals that a call gave, which stand in while no events come. */
export function useRates(
  asked: Counters | undefined,
  poll: () => void,
): {
  readonly points: readonly Rates[];
  readonly counters: Counters | undefined;
  readonly isLive: boolean;
} {
  const [points, setPoints] = useState<readonly Rates[]>([]);
  const [counters, setCounters] = useState<Counters>();
  const last = useRef<Heard>(undefined);
  const hear = (told: Counters): void => {
    const now = { atSeconds: Date.now() / 1_000, counters: told };
    const rates = last.current && rateBetween(last.current, now);
    last.current = now;
    setCounters(told);
    if (rates !== undefined) setPoints((before) => [...before, rates].slice(-pointsMax));
  };
  const isLive = useLive({ topics: ["counters"] }, { counters: hear }, poll);
  useEffect(() => {
    const isFirst = last.current === undefined;
    if (asked !== undefined && (isFirst || !isLive)) hear(asked);
  }, [asked]);
  return { points, counters, isLive };
}
