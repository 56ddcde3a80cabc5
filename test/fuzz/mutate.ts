/** A seeded mutation fuzzer: the same seed makes the same inputs, so that a finding can be had again. */

export interface FuzzRun {
  readonly target: (data: Uint8Array) => void;
  /** Good inputs, which are bent. */
  readonly corpus: readonly Uint8Array[];
  /** Words that matter to the target, put in anywhere. */
  readonly dictionary: readonly Uint8Array[];
  readonly count: number;
  readonly seed: number;
  /** Longer than this for one input is a finding; far above what a busy machine needs. */
  readonly slowMs: number;
}

export interface Finding {
  readonly why: string;
  readonly data: Uint8Array;
}

/** Longer inputs find little and cost much. */
const inputOctetsMax = 4_096;
const mutationsMax = 6;

/** The first input that the target does not survive. */
export function findFault(run: FuzzRun): Finding | undefined {
  const below = makeRandom(run.seed);
  for (let i = 0; i < run.count; i++) {
    // The corpus itself comes first: what is good must be survived as well.
    const data = run.corpus[i] ?? mutate(run, below);
    const startMs = performance.now();
    try {
      run.target(data);
    } catch (error) {
      return { why: error instanceof Error ? `${error.stack}` : String(error), data };
    }
    const tookMs = performance.now() - startMs;
    if (tookMs > run.slowMs) return { why: `${Math.round(tookMs)} ms for one input`, data };
  }
  return undefined;
}

/** Whole numbers from 0 to below `bound`. */
type Random = (bound: number) => number;

/** Mulberry32: 32 bits of state, good enough to wander. */
function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

function mutate(run: FuzzRun, below: Random): Uint8Array {
  let data = pick(run.corpus, below);
  for (let left = 1 + below(mutationsMax); left > 0; left--) {
    data = pick(mutations, below)(data, run, below).subarray(0, inputOctetsMax);
  }
  return data;
}

type Mutation = (data: Uint8Array, run: FuzzRun, below: Random) => Uint8Array;

/** Each gives back a new array. */
const mutations: readonly Mutation[] = [
  (data, _, below) => overwrite(data, below(data.length + 1), Uint8Array.of(below(256))),
  (data, _, below) => {
    const at = below(data.length + 1);
    return overwrite(data, at, Uint8Array.of((data[at] ?? 0) ^ (1 << below(8))));
  },
  (data, _, below) => overwrite(data, below(data.length + 1), Uint8Array.of(pick(edges, below))),
  // A compression pointer, mostly to what is near the front.
  (data, _, below) => overwrite(data, below(data.length + 1), Uint8Array.of(0xc0, below(256))),
  (data, run, below) => insert(data, below(data.length + 1), pick(run.dictionary, below)),
  (data, _, below) => insert(data, below(data.length + 1), slice(data, below)),
  (data, run, below) => insert(data, below(data.length + 1), slice(pick(run.corpus, below), below)),
  (data, _, below) => data.slice(0, below(data.length + 1)),
  (data, _, below) => {
    const at = below(data.length + 1);
    return concat(data.subarray(0, at), data.subarray(at + 1 + below(8)));
  },
];

const edges = [0x00, 0x01, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xc0, 0xfe, 0xff];

function overwrite(data: Uint8Array, at: number, octets: Uint8Array): Uint8Array {
  return concat(data.subarray(0, at), octets, data.subarray(at + octets.length));
}

function insert(data: Uint8Array, at: number, octets: Uint8Array): Uint8Array {
  return concat(data.subarray(0, at), octets, data.subarray(at));
}

function slice(data: Uint8Array, below: Random): Uint8Array {
  const start = below(data.length + 1);
  return data.subarray(start, start + below(64));
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function pick<Thing>(things: readonly Thing[], below: Random): Thing {
  return things[below(things.length)]!;
}
