/** One fact of a thing, within a list of them: what it is called, and what it is. */

import type { ComponentChildren, JSX } from "preact";

export function Fact({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
