/** How the work for an input grows with its size: what is quadratic stalls a server with one packet. */

/** Octets that were looked at in a message, each time they were. */
export class CountedOctets {
  count = 0;
  /** To be read in place of the octets. */
  readonly octets: Uint8Array;

  constructor(octets: Uint8Array) {
    this.octets = new Proxy(octets, {
      get: (target, key) => {
        if (key === "subarray") {
          return (start: number, end?: number) => {
            const part = target.subarray(start, end);
            this.count += part.length;
            return part;
          };
        }
        if (typeof key === "string" && /^\d/.test(key)) this.count++;
        return Reflect.get(target, key, target) as unknown;
      },
    });
  }
}

/** How often the larger input is as large as the smaller one. */
export const growth = 8;
/** Eightfold work for eightfold input is linear, 64-fold quadratic; between them lies a busy machine. */
const linearMax = growth * 3;
const tries = 15;

/** CPU time, which other programs do not add to. */
function measureMicros(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Whether the work for `make(small * growth)` is not far more than `growth` times that for `make(small)`. */
export function isLinear<Input>(
  small: number,
  make: (size: number) => Input,
  work: (input: Input) => void,
): boolean {
  const less = make(small);
  const more = make(small * growth);
  // The least of all runs: the first ones compile, and collections come when they like.
  let lessMicros = Number.POSITIVE_INFINITY;
  let moreMicros = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i++) {
    lessMicros = Math.min(
      lessMicros,
      measureMicros(() => work(less)),
    );
    moreMicros = Math.min(
      moreMicros,
      measureMicros(() => work(more)),
    );
    if (i > 0 && moreMicros / Math.max(1, lessMicros) <= linearMax) return true;
  }
  return false;
}
