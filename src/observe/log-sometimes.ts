/** A log for what the outside can cause again and again: the same sentence is written a few times only. */

import { BoundedMap } from "../base/bounded-map.ts";
import type { Clock } from "../base/clock.ts";
import { makeBucket, take } from "../base/token-bucket.ts";
import type { BucketRule, TokenBucket } from "../base/token-bucket.ts";
import type { Log, LogFields, LogLevel } from "./log.ts";

/** Five lines of a kind show what is going on; then one in ten seconds shows that it goes on. */
const repeatRule: BucketRule = { burst: 5, refillMs: 10_000 };

/** Sentences are constants of the program, so this is never reached by mistake of the outside. */
const sentencesMax = 512;

interface Repeats {
  readonly bucket: TokenBucket;
  suppressed: number;
}

/** Lines of one level and sentence are counted as the same, whatever their fields say. */
export function logSometimes(log: Log, clock: Clock, rule: BucketRule = repeatRule): Log {
  const seen = new BoundedMap<string, Repeats>(sentencesMax);
  const line = (level: LogLevel, fields: LogFields, sentence: string): void => {
    const nowMs = clock.monotonicMs();
    const key = `${level} ${sentence}`;
    let repeats = seen.find(key);
    if (repeats === undefined) {
      repeats = { bucket: makeBucket(rule, nowMs), suppressed: 0 };
      seen.set(key, repeats);
    }
    if (!take(repeats.bucket, rule, nowMs)) {
      repeats.suppressed++;
      return;
    }
    const { suppressed } = repeats;
    repeats.suppressed = 0;
    log[level](suppressed === 0 ? fields : { ...fields, suppressed }, sentence);
  };
  return {
    debug: (fields, sentence) => line("debug", fields, sentence),
    info: (fields, sentence) => line("info", fields, sentence),
    warn: (fields, sentence) => line("warn", fields, sentence),
    error: (fields, sentence) => line("error", fields, sentence),
  };
}
