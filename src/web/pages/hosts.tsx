/** The hosts: what each is doing, found by words and filters that live in the address bar. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call, troubleOf } from "../api.ts";
import type { Reply, Trouble } from "../api.ts";
import { useAsked } from "../asked.ts";
import type { Asked } from "../asked.ts";
import { useCalm } from "../calm.ts";
import { useLive } from "../live.ts";
import { Button, LinkButton } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Empty, TroubleNote } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { SearchBox, searchHref } from "../parts/search-box.tsx";
import { StateSign } from "../parts/state-sign.tsx";
import type { HostState } from "../parts/state-sign.tsx";
import { Strip } from "../parts/strip.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import { go, usePlace } from "../place.ts";
import { texts } from "../texts.ts";
import { NewHostForm } from "./new-host.tsx";

type HostRow = Reply<"GET /hosts">["items"][number];

/** A busy service has a thousand contacts a second; each may change a count. */
const recountMs = 2_000;

export function HostsPage(): JSX.Element {
  const { query } = usePlace();
  const q = query.get("q") ?? "";
  const counts = useAsked("GET /hosts/counts", {});
  const list = useHosts(q);
  const recount = useCalm(counts.again, recountMs);
  useLive(
    { topics: ["hosts"] },
    {
      host: (told) => {
        list.put((row) => (row.name === told.name ? { ...row, ...told } : row));
        recount();
      },
    },
    () => {
      list.again();
      counts.again();
    },
  );
  return (
    <>
      <header class="page-head">
        <h1>{texts.hosts.title}</h1>
        <SearchBox
          label={texts.hosts.search}
          hint={texts.hosts.searchHint}
          path="/hosts"
          q={q}
          words={Object.keys(texts.states).flatMap((state) => [
            `state:${state}`,
            `-state:${state}`,
          ])}
        />
        <LinkButton href="/hosts/import">{texts.hosts.bulk}</LinkButton>
        <Button kind="main" onClick={() => go("/hosts?new=")}>
          {texts.hosts.new}
        </Button>
      </header>
      <StateCounts counts={counts} q={q} />
      <TroubleNote trouble={list.trouble} again={list.again} />
      <HostList list={list} q={q} />
      {query.has("new") ? <NewHost onClose={() => go("/hosts", "replace")} /> : null}
    </>
  );
}

interface HostPages {
  readonly rows: readonly HostRow[] | undefined;
  readonly trouble: Trouble | undefined;
  readonly next: string | null;
  readonly isLoading: boolean;
  more(): Promise<void>;
  again(): void;
  put(change: (row: HostRow) => HostRow): void;
}

/** Pages by keyset, one under the other. */
function useHosts(q: string): HostPages {
  const first = useAsked("GET /hosts", { query: { q, strip: "true" } });
  const [rest, setRest] = useState<{
    of: unknown;
    rows: readonly HostRow[];
    next: string | null;
  }>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [isLoading, setLoading] = useState(false);
  const mine = rest !== undefined && rest.of === q ? rest : undefined;
  const next = mine === undefined ? (first.value?.next ?? null) : mine.next;
  const more = async (): Promise<void> => {
    if (next === null) return;
    setLoading(true);
    try {
      const page = await call("GET /hosts", { query: { q, strip: "true", after: next } });
      setRest({ of: q, rows: [...(mine?.rows ?? []), ...page.items], next: page.next });
    } catch (error) {
      setTrouble(troubleOf(error));
    } finally {
      setLoading(false);
    }
  };
  const rows =
    first.value === undefined ? undefined : [...first.value.items, ...(mine?.rows ?? [])];
  // One call looks at a part of a large service: a search that has found nothing yet goes on.
  const goesOn = rows?.length === 0 && next !== null && trouble === undefined;
  useEffect(() => {
    if (goesOn) void more();
  }, [goesOn, q, next]);
  return {
    rows: goesOn ? undefined : rows,
    trouble: first.trouble ?? trouble,
    next,
    isLoading,
    more,
    again: first.again,
    put: (change) => {
      first.put((page) => ({ ...page, items: page.items.map(change) }));
      setRest((before) => before && { ...before, rows: before.rows.map(change) });
    },
  };
}

/** How many are in each state; each is a filter. */
function StateCounts({
  counts,
  q,
}: {
  readonly counts: Asked<Reply<"GET /hosts/counts">>;
  readonly q: string;
}): JSX.Element | null {
  if (counts.value === undefined) return null;
  const shown = (Object.keys(texts.states) as HostState[]).filter(
    (state) => (counts.value?.[state] ?? 0) > 0,
  );
  return (
    <nav class="counts" aria-label={texts.hosts.columns.state}>
      {shown.map((state) => {
        const isHere = q === `state:${state}`;
        return (
          <a
            key={state}
            href={isHere ? "/hosts" : searchHref("/hosts", `state:${state}`)}
            aria-current={isHere ? "true" : undefined}
          >
            <StateSign state={state} /> <b>{(counts.value?.[state] ?? 0).toLocaleString("en")}</b>
          </a>
        );
      })}
    </nav>
  );
}

function HostList({
  list,
  q,
}: {
  readonly list: HostPages;
  readonly q: string;
}): JSX.Element | null {
  if (list.rows === undefined)
    return list.trouble === undefined ? <p class="loading">{texts.common.loading}</p> : null;
  if (list.rows.length === 0) return <NoHosts isFiltered={q !== ""} />;
  return (
    <>
      <Table
        label={texts.hosts.title}
        columns={columns}
        rows={list.rows}
        keyOf={(row) => row.name}
        hrefOf={(row) => `/hosts/${row.name}`}
      />
      <footer class="list-foot">
        <span>{texts.hosts.shown(list.rows.length)}</span>
        {list.next === null ? null : (
          <Button isBusy={list.isLoading} onClick={() => void list.more()}>
            {texts.common.more}
          </Button>
        )}
      </footer>
    </>
  );
}

const columns: readonly Column<HostRow>[] = [
  {
    title: texts.hosts.columns.name,
    cell: (row) => (
      <>
        <b>{row.name.slice(0, -row.zone.length - 1) || row.name}</b>
        <span class="soft">.{row.zone}</span>
      </>
    ),
  },
  { title: texts.hosts.columns.state, cell: (row) => <StateSign state={row.state} /> },
  {
    title: texts.hosts.columns.addresses,
    cell: (row) => (
      <span class="addresses">
        {[row.v4, row.v6]
          .filter((address) => address !== null)
          .map((address) => (
            <code key={address}>{address}</code>
          ))}
        {row.v4 === null && row.v6 === null ? texts.common.none : null}
      </span>
    ),
  },
  {
    title: texts.hosts.columns.heard,
    cell: (row) =>
      row.state === "waiting" ? (
        <a href={`/hosts/${row.name}/guide`}>{texts.hosts.finish}</a>
      ) : (
        <Moment at={row.heardAt} />
      ),
  },
  { title: texts.hosts.columns.days, cell: (row) => <Strip days={row.strip} /> },
  {
    title: texts.hosts.columns.device,
    isRare: true,
    cell: (row) => row.device ?? texts.common.none,
  },
];

function NoHosts({ isFiltered }: { readonly isFiltered: boolean }): JSX.Element {
  if (isFiltered) {
    return (
      <Empty title={texts.hosts.noneFound} says={texts.hosts.noneFoundSays}>
        <Button onClick={() => go("/hosts")}>{texts.hosts.all}</Button>
      </Empty>
    );
  }
  return (
    <Empty title={texts.hosts.empty} says={texts.hosts.emptySays}>
      <Button kind="main" onClick={() => go("/hosts?new=")}>
        {texts.hosts.new}
      </Button>
    </Empty>
  );
}

function NewHost({ onClose }: { readonly onClose: () => void }): JSX.Element {
  return (
    <Dialog title={texts.hosts.new} onClose={onClose}>
      <NewHostForm submit={texts.hosts.make} onMade={(name) => go(`/hosts/${name}/guide`)} />
    </Dialog>
  );
}
