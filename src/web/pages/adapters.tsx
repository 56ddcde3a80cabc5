/** The adapters: rules of the operator and built-in ones, found by a search that lives in the address bar. */

import type { JSX } from "preact";
import { fitsSearch } from "../adapter.ts";
import type { Adapter } from "../adapter.ts";
import { useAsked } from "../asked.ts";
import { AdapterState } from "../parts/adapter-state.tsx";
import { Button, LinkButton } from "../parts/button.tsx";
import { Empty, Shown } from "../parts/empty.tsx";
import { FilterLinks } from "../parts/filter-links.tsx";
import { Moment } from "../parts/moment.tsx";
import { SearchBox, searchHref } from "../parts/search-box.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import { go, usePlace } from "../place.ts";
import { texts } from "../texts.ts";
import { AdapterCard } from "./adapter-card.tsx";
import { ImportAdapter } from "./import-adapter.tsx";

const words = texts.adapters;
const path = "/admin/adapters";
const everyMs = 10_000;
const pathsShown = 3;

export function AdaptersPage(): JSX.Element {
  const { query } = usePlace();
  const q = query.get("q") ?? "";
  const asked = useAsked("GET /adapters", {}, everyMs);
  const close = (): void => go(searchHref(path, q), "replace");
  const open = asked.value?.items.find(({ id }) => id === query.get("id"));
  return (
    <>
      <header class="page-head">
        <h1>{words.menu}</h1>
        <SearchBox
          label={words.search}
          hint={words.searchHint}
          path={path}
          q={q}
          words={["enabled", "shadow", "disabled", "built-in"]}
        />
        <Button onClick={() => go(`${path}?import=`)}>{words.import}</Button>
        <LinkButton kind="main" href={`${path}/lab`}>
          {words.lab}
        </LinkButton>
      </header>
      <p class="soft">{words.says}</p>
      <FilterLinks label={words.columns.state} path={path} q={q} filters={filters} />
      <Shown asked={asked}>
        {({ items }) => <AdapterList rows={items.filter((row) => fitsSearch(row, q))} q={q} />}
      </Shown>
      {open === undefined ? null : (
        <AdapterCard adapter={open} again={asked.again} onClose={close} />
      )}
      {query.has("import") ? <ImportAdapter again={asked.again} onClose={close} /> : null}
    </>
  );
}

const own = "state:own";
const filters = [
  ["", words.filters.all],
  [own, words.filters.own],
  ["state:built-in", words.filters.builtIn],
] as const;

function AdapterList({
  rows,
  q,
}: {
  readonly rows: readonly Adapter[];
  readonly q: string;
}): JSX.Element {
  if (rows.length === 0 && q === own) {
    return (
      <Empty title={words.noOwn} says={words.noOwnSays}>
        <LinkButton kind="main" href={`${path}/lab`}>
          {words.toLab}
        </LinkButton>
      </Empty>
    );
  }
  if (rows.length === 0) {
    return (
      <Empty title={words.noneFound} says={words.noneFoundSays}>
        <Button onClick={() => go(path)}>{words.all}</Button>
      </Empty>
    );
  }
  return (
    <>
      <Table
        label={words.menu}
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => `${path}?${new URLSearchParams({ ...(q && { q }), id }).toString()}`}
      />
      <footer class="list-foot">
        <span role="status">{words.shown(rows.length)}</span>
      </footer>
    </>
  );
}

const columns: readonly Column<Adapter>[] = [
  { title: words.columns.id, cell: ({ id }) => <b>{id}</b> },
  { title: words.columns.state, cell: ({ state }) => <AdapterState state={state} /> },
  { title: words.columns.dialect, isRare: true, cell: ({ dialect }) => dialect },
  {
    title: words.columns.paths,
    cell: ({ paths }) => (
      <code title={paths.join(" ")}>
        {paths.slice(0, pathsShown).join(" ")}
        {paths.length > pathsShown ? ` +${paths.length - pathsShown}` : ""}
      </code>
    ),
  },
  { title: words.columns.hits, cell: ({ hits }) => hits.toLocaleString("en") },
  { title: words.columns.last, cell: ({ lastAt }) => <Moment at={lastAt} /> },
];
