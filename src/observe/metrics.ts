/** Metrics as Prometheus text. Parts count in plain numbers; they are read when somebody asks. */

import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** One number of a family; without labels where the family has none. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Totals by upper bound; the last of `counts` has no bound. */
export interface BucketCounts {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
}

/** One metric. `collect` is called for each reading and must only read memory. */
export type Metric = NumberRow<"counter"> | NumberRow<"gauge"> | HistogramRow;

interface Row<Kind> {
  readonly kind: Kind;
  /** With the unit, as `nameward_commit_seconds`. */
  readonly name: string;
  readonly help: string;
}

interface HistogramRow extends Row<"histogram"> {
  collect(): BucketCounts;
}

interface NumberRow<Kind> extends Row<Kind> {
  readonly labels: readonly string[];
  collect(): Iterable<Sample>;
}

export interface Metrics {
  readonly contentType: string;
  print(): Promise<string>;
}

/** A registry of its own, so that two services in one process do not share numbers. */
export function openMetrics(metrics: readonly Metric[]): Metrics {
  const registry = new Registry();
  for (const metric of metrics) register(metric, registry);
  return { contentType: registry.contentType, print: () => registry.metrics() };
}

function register(metric: Metric, registry: Registry): void {
  const { name, help } = metric;
  const registers = [registry];
  switch (metric.kind) {
    case "counter":
      new Counter<string>({
        name,
        help,
        registers,
        labelNames: metric.labels,
        collect() {
          this.reset();
          for (const { labels, value } of metric.collect()) this.inc({ ...labels }, value);
        },
      });
      return;
    case "gauge":
      new Gauge<string>({
        name,
        help,
        registers,
        labelNames: metric.labels,
        collect() {
          this.reset();
          for (const { labels, value } of metric.collect()) this.set({ ...labels }, value);
        },
      });
      return;
    case "histogram":
      new CountedHistogram(metric, registers);
  }
}

interface BucketValue {
  readonly metricName: string;
  readonly labels: Partial<Record<string, string | number>>;
  readonly value: number;
}

/** A histogram whose buckets were counted elsewhere. The library's own can only observe. */
class CountedHistogram extends Histogram {
  readonly #row: HistogramRow;

  constructor(row: HistogramRow, registers: Registry[]) {
    super({ name: row.name, help: row.help, registers });
    this.#row = row;
  }

  /** What the registry prints. It is no part of the library's declared interface. */
  getForPromString(): unknown {
    const { name, help, kind } = this.#row;
    return { name, help, type: kind, values: cumulate(name, this.#row.collect()) };
  }
}

/** Prometheus wants each bucket to count all that is at most its bound. */
function cumulate(name: string, counted: BucketCounts): BucketValue[] {
  let count = 0;
  const values = counted.counts.map((inBucket, i): BucketValue => {
    count += inBucket;
    const le = counted.bounds[i] ?? "+Inf";
    return { metricName: `${name}_bucket`, labels: { le }, value: count };
  });
  values.push({ metricName: `${name}_sum`, labels: {}, value: counted.sum });
  values.push({ metricName: `${name}_count`, labels: {}, value: count });
  return values;
}
