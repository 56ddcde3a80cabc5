/** Thirty days of a host: a bar where its address changed, a shade where it was silent, red where it was refused. */

import type { JSX } from "preact";
import { texts } from "../texts.ts";

export interface Day {
  readonly day: string;
  readonly changes: number;
  readonly contacts: number;
  readonly refused: number;
}

const dayPx = 5;
const highPx = 20;

export function Strip({ days }: { readonly days: readonly Day[] }): JSX.Element {
  const sum = (of: (day: Day) => number): number =>
    days.reduce((before, day) => before + of(day), 0);
  const label = texts.strip.label(
    sum((day) => (day.contacts > 0 ? 1 : 0)),
    sum((day) => day.changes),
    sum((day) => day.refused),
  );
  return (
    <svg
      class="strip"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${30 * dayPx} ${highPx}`}
      width={30 * dayPx}
      height={highPx}
    >
      {days.map((day, at) => (
        <Bar key={day.day} day={day} x={(30 - days.length + at) * dayPx} />
      ))}
    </svg>
  );
}

function Bar({ day, x }: { readonly day: Day; readonly x: number }): JSX.Element {
  const high = Math.min(highPx, 4 + 4 * day.changes);
  const kind =
    day.contacts + day.changes === 0 ? "silence" : day.changes > 0 ? "change" : "contact";
  const height = kind === "change" ? high : kind === "contact" ? 4 : 2;
  return (
    <g>
      <title>{texts.strip.day(day.day, day.changes, day.contacts, day.refused)}</title>
      <rect class={kind} x={x} y={highPx - height} width={dayPx - 1} height={height} />
      {day.refused > 0 ? <rect class="refused" x={x} y={0} width={dayPx - 1} height={3} /> : null}
    </g>
  );
}
