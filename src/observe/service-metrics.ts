/** The metrics of the service: every name, with the plain numbers that stand behind it. */

import type { BucketCounts, Metric, Sample } from "./metrics.ts";

type Counts = Readonly<Record<string, number>>;

/** What the composition root puts together from the parts. Each function only reads memory. */
export interface ServiceNumbers {
  readonly version: string;
  readonly startedAtMs: number;
  /** Updates by outcome: `changed`, `unchanged`, `bad-credentials` … */
  updates(): Counts;
  /** DNS answers by transport (`udp`, `tcp`), then by name of the response code. */
  dnsQueries(): Readonly<Record<string, Counts>>;
  /** Open connections by listener: `devices`, `dns`, `web`. */
  openConnections(): Counts;
  /** Error answers to devices that wait now, and all that ever did. */
  heldAnswers(): { readonly now: number; readonly ever: number };
  /** How often each named limit was reached. */
  limitsReached(): Counts;
  store(): StoreNumbers;
  /** Log lines that nobody read in time. */
  logLinesDropped(): number;
}

export interface StoreNumbers {
  readonly state: string;
  readonly waiting: number;
  readonly counts: {
    readonly groups: number;
    readonly changes: number;
    readonly failures: number;
    readonly recoveries: number;
    readonly groupSizes: BucketCounts;
    readonly commitSeconds: BucketCounts;
  };
}

export function serviceMetrics(numbers: ServiceNumbers): readonly Metric[] {
  const { version, startedAtMs } = numbers;
  const ofStore = (name: keyof StoreNumbers["counts"] & StoreTotal) => () =>
    one(numbers.store().counts[name]);
  return [
    {
      kind: "gauge",
      name: "nameward_build_info",
      help: "1; the version and the runtime are in the labels.",
      labels: ["version", "bun"],
      collect: () => [{ labels: { version, bun: Bun.version }, value: 1 }],
    },
    counter("nameward_updates_total", "Updates by outcome.", ["outcome"], () =>
      samplesBy("outcome", numbers.updates()),
    ),
    counter(
      "nameward_dns_queries_total",
      "DNS queries answered, by transport and response code.",
      ["transport", "rcode"],
      () => dnsSamples(numbers.dnsQueries()),
    ),
    {
      kind: "gauge",
      name: "nameward_open_connections",
      help: "Open connections by listener.",
      labels: ["listener"],
      collect: () => samplesBy("listener", numbers.openConnections()),
    },
    {
      kind: "gauge",
      name: "nameward_held_answers",
      help: "Error answers that wait now, so that a device does not repeat at once.",
      labels: [],
      collect: () => one(numbers.heldAnswers().now),
    },
    counter("nameward_answers_held_total", "Error answers that were made to wait.", [], () =>
      one(numbers.heldAnswers().ever),
    ),
    counter("nameward_limits_reached_total", "How often a limit was reached.", ["limit"], () =>
      samplesBy("limit", numbers.limitsReached()),
    ),
    {
      kind: "gauge",
      name: "nameward_store_ready",
      help: "1 when the store takes changes.",
      labels: [],
      collect: () => one(numbers.store().state === "ready" ? 1 : 0),
    },
    {
      kind: "gauge",
      name: "nameward_store_waiting_changes",
      help: "Changes that wait for their group.",
      labels: [],
      collect: () => one(numbers.store().waiting),
    },
    counter("nameward_store_groups_total", "Groups committed.", [], ofStore("groups")),
    counter("nameward_store_changes_total", "Changes made durable.", [], ofStore("changes")),
    counter("nameward_store_failures_total", "Groups that failed.", [], ofStore("failures")),
    counter("nameward_store_recoveries_total", "Recoveries.", [], ofStore("recoveries")),
    {
      kind: "histogram",
      name: "nameward_store_group_changes",
      help: "Changes in one group.",
      collect: () => numbers.store().counts.groupSizes,
    },
    {
      kind: "histogram",
      name: "nameward_store_commit_seconds",
      help: "Time from the first change of a group until the group is durable.",
      collect: () => numbers.store().counts.commitSeconds,
    },
    counter("nameward_log_lines_dropped_total", "Log lines nobody read in time.", [], () =>
      one(numbers.logLinesDropped()),
    ),
    {
      kind: "gauge",
      name: "process_resident_memory_bytes",
      help: "Resident memory of the process.",
      labels: [],
      collect: () => one(process.memoryUsage.rss()),
    },
    counter("process_cpu_seconds_total", "Processor time, user and system.", [], () => {
      const { user, system } = process.cpuUsage();
      return one((user + system) / 1_000_000);
    }),
    {
      kind: "gauge",
      name: "process_start_time_seconds",
      help: "When the process started, in seconds since the epoch.",
      labels: [],
      collect: () => one(startedAtMs / 1_000),
    },
  ];
}

type StoreTotal = "groups" | "changes" | "failures" | "recoveries";

function counter(
  name: string,
  help: string,
  labels: readonly string[],
  collect: () => Iterable<Sample>,
): Metric {
  return { kind: "counter", name, help, labels, collect };
}

function one(value: number): readonly Sample[] {
  return [{ value }];
}

/** A plain object of numbers as samples: the key is the value of `label`. */
function samplesBy(label: string, counts: Counts): readonly Sample[] {
  return Object.entries(counts).map(([key, value]) => ({ labels: { [label]: key }, value }));
}

function dnsSamples(byTransport: Readonly<Record<string, Counts>>): readonly Sample[] {
  return Object.entries(byTransport).flatMap(([transport, byRcode]) =>
    Object.entries(byRcode).map(([rcode, value]) => ({ labels: { transport, rcode }, value })),
  );
}
