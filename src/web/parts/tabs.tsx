/** Parts of one page, each with an address of its own. */

import type { JSX } from "preact";

export interface Tab {
  readonly href: string;
  readonly text: string;
  readonly isHere: boolean;
}

export function Tabs({
  label,
  tabs,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
}): JSX.Element {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.href} href={tab.href} aria-current={tab.isHere ? "page" : undefined}>
          {tab.text}
        </a>
      ))}
    </nav>
  );
}
