/** Time as an argument. Rules take a `Clock`, so that a test can say what time it is. */

export interface Clock {
  /** Milliseconds since the epoch, as `Date.now()`. For what is stored and shown. */
  now(): number;
  /** Milliseconds since some start; never goes back. For limits, deadlines and budgets. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
};
