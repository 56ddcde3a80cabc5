/** Which address a host had when: a drawing that can be read aloud, and the same as a table. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Reply } from "../api.ts";
import { useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Shown } from "../parts/empty.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import { texts } from "../texts.ts";
import { printExact } from "../time.ts";

type Spans = Reply<"GET /hosts/{name}/timeline">;
type Span = Spans["spans"][number];

export function Timeline({
  name,
  changedAt,
}: {
  readonly name: string;
  readonly changedAt: string | null;
}): JSX.Element {
  const [days, setDays] = useState(30);
  const [isTable, setTable] = useState(false);
  const asked = useAsked("GET /hosts/{name}/timeline", { parameters: { name }, query: { days } });
  useEffect(() => asked.again(), [changedAt]);
  return (
    <section>
      <header class="row between">
        <h2>{texts.host.timeline}</h2>
        <div class="row" role="group" aria-label={texts.host.timeline}>
          {[1, 7, 30, 90].map((each) => (
            <Button
              key={each}
              kind="quiet"
              aria-pressed={each === days}
              onClick={() => setDays(each)}
            >
              {texts.host.timelineDays(each)}
            </Button>
          ))}
          <Button kind="quiet" onClick={() => setTable(!isTable)}>
            {isTable ? texts.common.asChart : texts.common.asTable}
          </Button>
        </div>
      </header>
      <Shown asked={asked}>
        {(spans) => {
          const held = spans.spans.filter((span) => span.address !== null);
          if (held.length === 0) return <p class="soft">{texts.host.timelineEmpty}</p>;
          return isTable ? <SpanTable spans={held} /> : <Drawing spans={spans} />;
        }}
      </Shown>
    </section>
  );
}

const columns: readonly Column<Span>[] = [
  { title: texts.host.timelineColumns.address, cell: (span) => <code>{span.address}</code> },
  { title: texts.host.timelineColumns.family, cell: (span) => texts.host.timelineRow(span.family) },
  { title: texts.host.timelineColumns.from, cell: (span) => printExact(span.from) },
  { title: texts.host.timelineColumns.until, cell: (span) => printExact(span.until) },
];

function SpanTable({ spans }: { readonly spans: readonly Span[] }): JSX.Element {
  return (
    <Table
      label={texts.host.timeline}
      columns={columns}
      rows={spans.toReversed()}
      keyOf={(span) => `${span.family} ${span.from}`}
    />
  );
}

/** In parts of a thousand: the drawing is as wide as there is room. */
const wide = 1_000;
const rowHigh = 34;

function Drawing({ spans: { from, until, spans } }: { readonly spans: Spans }): JSX.Element {
  const start = Date.parse(from);
  const length = Math.max(1, Date.parse(until) - start);
  const at = (time: string): number =>
    Math.max(0, Math.min(wide, ((Date.parse(time) - start) / length) * wide));
  const families = ([4, 6] as const).filter((family) =>
    spans.some((span) => span.family === family && span.address !== null),
  );
  return (
    <div class="timeline">
      {families.map((family) => {
        const own = spans.filter((span) => span.family === family && span.address !== null);
        return (
          <div class="timeline-row" key={family}>
            <span>{texts.host.timelineRow(family)}</span>
            <svg
              viewBox={`0 0 ${wide} ${rowHigh}`}
              preserveAspectRatio="none"
              height={rowHigh}
              role="list"
              aria-label={texts.host.timelineRow(family)}
            >
              {own.map((span, place) => (
                <SpanBar key={span.from} {...{ span, at }} isEven={place % 2 === 0} />
              ))}
            </svg>
          </div>
        );
      })}
      <p class="timeline-ends soft">
        <span>{printExact(from)}</span>
        <span>{printExact(until)}</span>
      </p>
    </div>
  );
}

function SpanBar({
  span,
  at,
  isEven,
}: {
  readonly span: Span;
  readonly at: (time: string) => number;
  readonly isEven: boolean;
}): JSX.Element {
  const says = `${span.address ?? ""}, ${printExact(span.from)} – ${printExact(span.until)}`;
  const x = at(span.from);
  return (
    <g role="listitem" tabIndex={0} aria-label={says}>
      <title>{says}</title>
      <rect
        class={isEven ? "even" : "odd"}
        x={x}
        y={3}
        width={Math.max(2, at(span.until) - x - 1)}
        height={rowHigh - 6}
      />
    </g>
  );
}
