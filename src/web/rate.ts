/** What came a second, from two running totals. */

export type Counters = Readonly<Record<string, number>>;

export interface Rates {
  readonly atSeconds: number;
  readonly perSecond: Counters;
}

export interface Heard {
  readonly atSeconds: number;
  readonly counters: Counters;
}

/** Undefined where no time has passed. A service that has started again counts from 0: no rate is below it. */
export function rateBetween(before: Heard, after: Heard): Rates | undefined {
  const seconds = after.atSeconds - before.atSeconds;
  if (seconds <= 0) return undefined;
  const perSecond = Object.fromEntries(
    Object.entries(after.counters).map(([name, total]) => {
      const rate = (total - (before.counters[name] ?? 0)) / seconds;
      return [name, Math.max(0, Math.round(rate * 10) / 10)];
    }),
  );
  return { atSeconds: after.atSeconds, perSecond };
}
