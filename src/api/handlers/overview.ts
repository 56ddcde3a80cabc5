/** What the operator looks at first, from counters in memory; and hosts that are held. */

import type { BucketCounts } from "../../observe/metrics.ts";
import { findQuantile } from "../../observe/quantile.ts";
import type { Noise } from "../../core/noisiest.ts";
import type { ReplyOf } from "../contract.ts";
import type { Handlers } from "../handler.ts";

type Overview = ReplyOf<"getOverview">;

export interface OverviewParts {
  readonly version: string;
  upSeconds(): number;
  sizes(): Readonly<Record<string, number>>;
  hostStates(): Overview["hostStates"];
  updates(): Readonly<Record<string, number>>;
  dnsQueries(): number;
  checkips(): number;
  commitSeconds(): BucketCounts;
  store(): { readonly state: string; readonly why: string | undefined };
  noisiest(limit: number): readonly Noise[];
  checks(): Overview["checks"];
  listHeld(): Promise<readonly Held[]>;
  listSignals(): Promise<readonly Signal[]>;
}

interface Held {
  readonly host: string;
  readonly owner: string;
  readonly why: string;
  readonly by: string;
  /** Undefined: it was held before this was noted. */
  readonly atMs: number | undefined;
}

interface Signal {
  readonly what: string;
  readonly host: string | undefined;
  readonly owner: string | undefined;
  readonly atMs: number;
}

const noisiestShown = 10;

export function overviewHandlers(parts: OverviewParts): Handlers<"getOverview" | "listHeld"> {
  return {
    getOverview() {
      const { state, why } = parts.store();
      return {
        version: parts.version,
        upSeconds: parts.upSeconds(),
        sizes: { ...parts.sizes() },
        hostStates: parts.hostStates(),
        updates: { ...parts.updates() },
        dnsQueries: parts.dnsQueries(),
        checkips: parts.checkips(),
        counters: readCounters(parts),
        commit: { p50Ms: inMs(0.5, parts), p99Ms: inMs(0.99, parts) },
        store: { state, why: why ?? null },
        noisiest: [...parts.noisiest(noisiestShown)],
        checks: parts.checks(),
      };
    },
    async listHeld() {
      const [held, signals] = await Promise.all([parts.listHeld(), parts.listSignals()]);
      return {
        items: held.map(({ atMs, ...each }) => ({ ...each, at: printTime(atMs ?? 0) })),
        signals: signals.map(({ what, host, owner, atMs }) => {
          return { what, host: host ?? null, owner: owner ?? null, at: printTime(atMs) };
        }),
      };
    },
  };
}

type Counted = Pick<OverviewParts, "updates" | "dnsQueries" | "checkips">;

/** What one call, or one event a second, says of all that was answered since the start. */
export function readCounters(parts: Counted): Record<string, number> {
  const updates = parts.updates();
  const all = Object.values(updates).reduce((sum, count) => sum + count, 0);
  const good = updates["changed"] ?? 0;
  const nochg = updates["unchanged"] ?? 0;
  const badauth = (updates["bad-credentials"] ?? 0) + (updates["no-credentials"] ?? 0);
  return {
    updates: all,
    good,
    nochg,
    badauth,
    refused: all - good - nochg - badauth,
    checkips: parts.checkips(),
    queries: parts.dnsQueries(),
  };
}

function inMs(share: number, { commitSeconds }: OverviewParts): number | null {
  const seconds = findQuantile(commitSeconds(), share);
  return seconds === undefined ? null : seconds * 1_000;
}

function printTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
