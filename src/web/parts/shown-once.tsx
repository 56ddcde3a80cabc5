/** Secrets that the service tells once: they take the focus, so that nobody goes on without having seen them. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Value } from "./code.tsx";

export function ShownOnce({
  title,
  values = [],
  children,
}: {
  readonly title: string;
  readonly values?: readonly (readonly [what: string, text: string])[];
  readonly children?: ComponentChildren;
}): JSX.Element {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), [JSON.stringify(values)]);
  return (
    <section class="card shown-once" role="status" aria-label={title} tabIndex={-1} ref={box}>
      <h2>{title}</h2>
      {values.map(([what, text]) => (
        <p key={what}>
          {what} <Value text={text} what={what} />
        </p>
      ))}
      {children}
    </section>
  );
}
