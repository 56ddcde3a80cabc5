/** A chart of rates over time (uPlot), with the same numbers as a table for who asks. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { texts } from "../texts.ts";
import { printExact } from "../time.ts";
import { Button } from "./button.tsx";

export interface ChartLine {
  readonly label: string;
  readonly values: readonly number[];
}

const colours = ["--accent", "--quiet", "--silent", "--held"];
const highPx = 180;
/** At least a minute is shown, so that the first point does not stand alone among years. */
const wideSeconds = 60;

export function Chart({
  label,
  atSeconds,
  lines,
}: {
  readonly label: string;
  /** Seconds since the epoch, one a point. */
  readonly atSeconds: readonly number[];
  readonly lines: readonly ChartLine[];
}): JSX.Element {
  const [isTable, setTable] = useState(false);
  return (
    <figure class="chart">
      <figcaption>
        {label}{" "}
        <Button kind="quiet" onClick={() => setTable(!isTable)}>
          {isTable ? texts.common.asChart : texts.common.asTable}
        </Button>
      </figcaption>
      {isTable ? (
        <Numbers label={label} atSeconds={atSeconds} lines={lines} />
      ) : (
        <Plot label={label} atSeconds={atSeconds} lines={lines} />
      )}
    </figure>
  );
}

interface Shown {
  readonly label: string;
  readonly atSeconds: readonly number[];
  readonly lines: readonly ChartLine[];
}

function Plot({ label, atSeconds, lines }: Shown): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const labels = lines.map((line) => line.label).join("\n");
  useEffect(() => {
    const box = place.current;
    if (box === null) return undefined;
    const style = getComputedStyle(box);
    const ink = style.color;
    const made = new uPlot(
      {
        width: box.clientWidth,
        height: highPx,
        legend: { live: false },
        cursor: { show: false },
        scales: {
          // Without a point both ends are null, which counts as 0 here.
          x: {
            range: (_, from, until) => [Math.min(from, until - wideSeconds), Math.max(until, 0)],
          },
          y: { range: (_, _least, most) => [0, Math.max(1, most)] },
        },
        axes: [
          { stroke: ink, grid: { show: false } },
          { stroke: ink, size: 50 },
        ],
        series: [
          {},
          ...lines.map((line, at) => ({
            label: line.label,
            stroke: readColour(box, colours[at % colours.length] ?? "--accent"),
            width: 2,
          })),
        ],
      },
      [[], ...lines.map(() => [])],
      box,
    );
    plot.current = made;
    const watch = new ResizeObserver(() =>
      made.setSize({ width: box.clientWidth, height: highPx }),
    );
    watch.observe(box);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [labels]);
  useEffect(() => {
    plot.current?.setData([[...atSeconds], ...lines.map((line) => [...line.values])]);
  }, [atSeconds, lines]);
  return <div class="plot" role="img" aria-label={label} ref={place} />;
}

/** As the page shows it now: a canvas knows neither `var()` nor `light-dark()`. */
function readColour(box: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  box.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** The last minute: a screen reader should not read an hour. */
const rowsMax = 60;

function Numbers({ label, atSeconds, lines }: Shown): JSX.Element {
  const start = Math.max(0, atSeconds.length - rowsMax);
  return (
    <div class="scroll" tabIndex={0}>
      <table aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{texts.common.time}</th>
            {lines.map((line) => (
              <th key={line.label} scope="col">
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {atSeconds.slice(start).map((second, at) => (
            <tr key={second}>
              <th scope="row">{printExact(new Date(second * 1_000).toISOString())}</th>
              {lines.map((line) => (
                <td key={line.label}>{line.values[start + at] ?? 0}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
