/** Filters that are often wanted, each a link: the search of the page is its query. */

import type { JSX } from "preact";
import { searchHref } from "./search-box.tsx";

export function FilterLinks({
  label,
  path,
  q,
  filters,
}: {
  readonly label: string;
  readonly path: string;
  readonly q: string;
  readonly filters: readonly (readonly [filter: string, title: string])[];
}): JSX.Element {
  return (
    <nav class="counts" aria-label={label}>
      {filters.map(([filter, title]) => (
        <a
          key={filter}
          href={searchHref(path, filter)}
          aria-current={q === filter ? "true" : undefined}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}
