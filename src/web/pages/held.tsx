/** Held hosts and signals of abuse: held with a reason, let go, or deleted with the name blocked for ever. */

import type { JSX } from "preact";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Shown } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { useSure } from "../parts/sure.tsx";
import type { Question } from "../parts/sure.tsx";
import { Table } from "../parts/table.tsx";
import { toast } from "../parts/toast.tsx";
import { go, usePlace } from "../place.ts";
import { texts } from "../texts.ts";
import { HoldHost } from "./hold-host.tsx";

type Held = Reply<"GET /held">;
type HeldHost = Held["items"][number];
type Signal = Held["signals"][number];

const words = texts.held;
const path = "/admin/held";
const everyMs = 10_000;

export function HeldPage(): JSX.Element {
  const { query } = usePlace();
  const asked = useAsked("GET /held", {}, everyMs);
  const sure = useSure();
  const acts = { ask: sure.ask, again: asked.again };
  return (
    <>
      <header class="page-head">
        <h1>{words.menu}</h1>
        <Button kind="main" onClick={() => go(`${path}?hold=`)}>
          {words.hold}
        </Button>
      </header>
      <p class="soft">{words.says}</p>
      <Shown asked={asked}>
        {({ items, signals }) => (
          <>
            <h2>{words.held}</h2>
            {items.length === 0 ? (
              <Empty title={words.none} says={words.noneSays} />
            ) : (
              <HeldHosts items={items} {...acts} />
            )}
            <h2>{words.signals}</h2>
            {signals.length === 0 ? (
              <p class="soft">{words.noSignals}</p>
            ) : (
              <Signals signals={signals} held={new Set(items.map(({ host }) => host))} />
            )}
          </>
        )}
      </Shown>
      {query.has("hold") ? (
        <HoldHost
          host={query.get("hold") ?? ""}
          again={asked.again}
          onClose={() => go(path, "replace")}
        />
      ) : null}
      {sure.asked}
    </>
  );
}

interface Acts {
  readonly ask: (question: Question) => void;
  readonly again: () => void;
}

function HeldHosts({
  items,
  ask,
  again,
}: Acts & { readonly items: readonly HeldHost[] }): JSX.Element {
  const release = ({ host, why }: HeldHost): void =>
    ask({
      title: words.releaseTitle(host),
      says: words.releaseSays(why),
      act: words.release,
      isHarmless: true,
      async run() {
        const parameters = { name: host };
        await call("PUT /hosts/{name}/hold", { parameters, body: { isHeld: false } });
        toast(words.released(host));
        again();
      },
    });
  const remove = ({ host }: HeldHost): void =>
    ask({
      title: words.removeTitle(host),
      says: words.removeSays,
      act: words.remove,
      typed: { label: words.removeType(host), text: host },
      async run() {
        const parameters = { name: host };
        await call("DELETE /hosts/{name}", { parameters, query: { block: "true" } });
        toast(words.removed(host));
        again();
      },
    });
  return (
    <Table
      label={words.held}
      rows={items}
      keyOf={({ host }) => host}
      columns={[
        {
          title: words.columns.host,
          cell: ({ host }) => <a href={`/hosts/${host}`}>{host}</a>,
        },
        { title: words.columns.owner, cell: ({ owner }) => <UserLink name={owner} /> },
        { title: words.columns.why, cell: ({ why }) => why || <i class="soft">{words.noWhy}</i> },
        { title: words.columns.by, cell: ({ by }) => printBy(by) },
        {
          title: words.columns.at,
          cell: ({ at }) => (Date.parse(at) === 0 ? texts.common.none : <Moment at={at} />),
        },
        {
          title: words.columns.acts,
          cell: (row) => (
            <span class="row">
              <Button onClick={() => release(row)}>{words.release}</Button>
              <Button kind="danger" onClick={() => remove(row)}>
                {words.remove}
              </Button>
            </span>
          ),
        },
      ]}
    />
  );
}

function printBy(by: string): string {
  if (by === "operator") return words.byOperator;
  return by === "" ? words.commandLine : by;
}

function Signals({
  signals,
  held,
}: {
  readonly signals: readonly Signal[];
  readonly held: ReadonlySet<string>;
}): JSX.Element {
  return (
    <Table
      label={words.signals}
      rows={signals}
      keyOf={({ what, host, owner, at }) => `${what} ${host} ${owner} ${at}`}
      columns={[
        { title: words.signalColumns.what, cell: ({ what }) => what },
        {
          title: words.signalColumns.host,
          cell: ({ host }) => (host === null ? null : <a href={`/hosts/${host}`}>{host}</a>),
        },
        {
          title: words.signalColumns.owner,
          cell: ({ owner }) => (owner === null ? null : <UserLink name={owner} />),
        },
        { title: words.signalColumns.at, cell: ({ at }) => <Moment at={at} /> },
        {
          title: words.signalColumns.acts,
          cell: ({ host }) =>
            host === null || held.has(host) ? null : (
              <Button
                onClick={() => go(`${path}?${new URLSearchParams({ hold: host }).toString()}`)}
              >
                {words.holdThis}
              </Button>
            ),
        },
      ]}
    />
  );
}

function UserLink({ name }: { readonly name: string }): JSX.Element {
  return <a href={`/admin/users/${encodeURIComponent(name)}`}>{name}</a>;
}
