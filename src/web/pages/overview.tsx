/** What the operator looks at first: rates, numbers, checks, and who is refused most. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Reply } from "../api.ts";
import { useAsked } from "../asked.ts";
import { Chart } from "../parts/chart.tsx";
import { Shown } from "../parts/empty.tsx";
import { Table } from "../parts/table.tsx";
import { texts } from "../texts.ts";

type Overview = Reply<"GET /overview">;
const words = texts.overview;
const everyMs = 2_000;
const pointsMax = 150;

interface Point {
  readonly atSeconds: number;
  readonly updates: number;
  readonly queries: number;
}

export function OverviewPage(): JSX.Element {
  const asked = useAsked("GET /overview", {}, everyMs);
  const points = useRates(asked.value);
  return (
    <>
      <h1>{words.menu}</h1>
      <Chart
        label={`${words.updates}, ${words.queries}`}
        atSeconds={points.map(({ atSeconds }) => atSeconds)}
        lines={[
          { label: words.updates, values: points.map(({ updates }) => updates) },
          { label: words.queries, values: points.map(({ queries }) => queries) },
        ]}
      />
      <Shown asked={asked}>{(overview) => <Numbers overview={overview} />}</Shown>
    </>
  );
}

/** From running totals to what came each second. */
function useRates(overview: Overview | undefined): readonly Point[] {
  const [points, setPoints] = useState<readonly Point[]>([]);
  const [last, setLast] = useState<Point>();
  useEffect(() => {
    if (overview === undefined) return;
    const updates = Object.values(overview.updates).reduce((sum, count) => sum + count, 0);
    const now = { atSeconds: Date.now() / 1_000, updates, queries: overview.dnsQueries };
    if (last !== undefined && now.atSeconds > last.atSeconds) {
      const seconds = now.atSeconds - last.atSeconds;
      const rate = (total: number, before: number): number =>
        Math.max(0, (total - before) / seconds);
      const point = {
        atSeconds: now.atSeconds,
        updates: rate(now.updates, last.updates),
        queries: rate(now.queries, last.queries),
      };
      setPoints((before) => [...before, point].slice(-pointsMax));
    }
    setLast(now);
  }, [overview]);
  return points;
}

function Numbers({ overview }: { readonly overview: Overview }): JSX.Element {
  const { sizes, hostStates, updates, checks, noisiest, store } = overview;
  const numbers = Object.entries({ ...sizes, ...hostStates, ...updates });
  return (
    <>
      <h2>{words.checks}</h2>
      <ul>
        {checks.map((check) => (
          <li key={check.name}>
            <b>{check.name}</b>: {check.isGood ? words.good : words.bad}. {check.says} {check.fix}
          </li>
        ))}
        <li>
          <b>{words.store}</b>: {store.state} {store.why}
        </li>
      </ul>
      <h2>{words.numbers}</h2>
      <Table
        label={words.numbers}
        rows={numbers}
        keyOf={([name]) => name}
        columns={[
          { title: words.numbers, cell: ([name]) => name },
          { title: "", cell: ([, count]) => count },
        ]}
      />
      <h2>{words.noisiest}</h2>
      {noisiest.length === 0 ? <p class="soft">{words.quiet}</p> : null}
      <ul>
        {noisiest.map((one) => (
          <li key={`${one.name} ${one.peer}`}>
            {one.name} <code>{one.peer}</code> {one.device}: {one.refused} × {one.outcome}
          </li>
        ))}
      </ul>
    </>
  );
}
