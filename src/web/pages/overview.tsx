/** What the operator looks at first: live rates, what updates come to, hosts by state, checks, and who is refused most. */

import type { JSX } from "preact";
import type { Reply } from "../api.ts";
import { useAsked } from "../asked.ts";
import { Chart } from "../parts/chart.tsx";
import { Shown } from "../parts/empty.tsx";
import { CheckSign, StateSign } from "../parts/state-sign.tsx";
import type { HostState } from "../parts/state-sign.tsx";
import { searchHref } from "../parts/search-box.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import type { Counters, Rates } from "../rate.ts";
import { useRates } from "../rates.ts";

import { texts } from "../texts.ts";
import { Service } from "./overview-service.tsx";

type Overview = Reply<"GET /overview">;
const words = texts.overview;
/** All but the rates, which come once a second by themselves. */
const everyMs = 10_000;

export function OverviewPage(): JSX.Element {
  const asked = useAsked("GET /overview", {}, everyMs);
  const { points, counters, isLive } = useRates(asked.value?.counters, asked.again);
  return (
    <>
      <header class="page-head">
        <h1>{words.menu}</h1>
        <span class="soft" role="status">
          {isLive ? texts.common.live : texts.common.polling}
        </span>
      </header>
      <div class="charts">
        <RateChart label={words.rates} points={points} names={rateNames} titles={words} />
        <RateChart
          label={words.mixRates}
          points={points}
          names={resultNames}
          titles={words.results}
        />
      </div>
      <Shown asked={asked}>
        {(overview) => (
          <>
            <Checks checks={overview.checks} />
            <HostStates states={overview.hostStates} />
            <Mix counters={counters ?? overview.counters} />
            <h2>{words.noisiest}</h2>
            {overview.noisiest.length === 0 ? (
              <p class="soft">{words.quiet}</p>
            ) : (
              <Table
                label={words.noisiest}
                rows={overview.noisiest}
                keyOf={({ name, peer }) => `${name} ${peer}`}
                columns={noisyColumns}
              />
            )}
            <Service overview={overview} />
          </>
        )}
      </Shown>
    </>
  );
}

const rateNames = ["updates", "checkips", "queries"] as const;
const resultNames = ["good", "nochg", "badauth", "refused"] as const;

function RateChart<Name extends string>({
  label,
  points,
  names,
  titles,
}: {
  readonly label: string;
  readonly points: readonly Rates[];
  readonly names: readonly Name[];
  readonly titles: Readonly<Record<Name, string>>;
}): JSX.Element {
  return (
    <section class="card">
      <Chart
        label={label}
        atSeconds={points.map(({ atSeconds }) => atSeconds)}
        lines={names.map((name) => ({
          label: titles[name],
          values: points.map(({ perSecond }) => perSecond[name] ?? 0),
        }))}
      />
    </section>
  );
}

const checksShown = 3;

function Checks({ checks }: { readonly checks: Overview["checks"] }): JSX.Element {
  const bad = checks.filter(({ isGood }) => !isGood).slice(0, checksShown);
  return (
    <>
      <h2>{words.checks}</h2>
      {bad.length === 0 ? (
        <p>
          <CheckSign isGood>{words.allGood}</CheckSign>
        </p>
      ) : (
        <ul class="receipts" aria-label={words.checks}>
          {bad.map(({ name, says, fix }) => (
            <li class="receipt refused" key={name}>
              <CheckSign isGood={false}>{name}</CheckSign> {says}
              {fix === null ? null : (
                <span class="remedy">
                  {words.fix} {fix}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Each leads to the list of these hosts. */
function HostStates({ states }: { readonly states: Overview["hostStates"] }): JSX.Element {
  return (
    <>
      <h2>{words.states}</h2>
      <nav class="counts" aria-label={words.states}>
        {(Object.keys(texts.states) as HostState[]).map((state) => (
          <a key={state} href={searchHref("/hosts", `state:${state}`)}>
            <StateSign state={state} /> <b>{(states[state] ?? 0).toLocaleString("en")}</b>
          </a>
        ))}
      </nav>
    </>
  );
}

function Mix({ counters }: { readonly counters: Counters }): JSX.Element {
  const all = counters["updates"] ?? 0;
  return (
    <>
      <h2>
        {words.mix} <span class="soft">({words.sinceStart})</span>
      </h2>
      {all === 0 ? (
        <p class="soft">{words.noUpdates}</p>
      ) : (
        <dl class="facts">
          {resultNames.map((name) => (
            <div key={name}>
              <dt>{words.results[name]}</dt>
              <dd>
                {words.share(
                  counters[name] ?? 0,
                  Math.round(((counters[name] ?? 0) / all) * 1_000) / 10,
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

const noisyColumns: readonly Column<Overview["noisiest"][number]>[] = [
  { title: words.noisyColumns.name, cell: ({ name }) => name || texts.common.none },
  { title: words.noisyColumns.peer, cell: ({ peer }) => <code>{peer}</code> },
  { title: words.noisyColumns.device, cell: ({ device }) => device || texts.common.none },
  { title: words.noisyColumns.refused, cell: ({ refused }) => refused.toLocaleString("en") },
  {
    title: words.noisyColumns.outcome,
    cell: ({ outcome }) => words.outcomes.get(outcome) ?? outcome,
  },
];
