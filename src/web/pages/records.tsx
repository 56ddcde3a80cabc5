/** Records of a zone: found by words, added, changed and removed; each change is in DNS when it is said to be. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, urlOf } from "../api.ts";
import { useKeyset } from "../keyset.ts";
import type { Keyset } from "../keyset.ts";
import { Button } from "../parts/button.tsx";
import { Empty, TroubleNote } from "../parts/empty.tsx";
import { ListFoot } from "../parts/list-foot.tsx";
import { SearchBox } from "../parts/search-box.tsx";
import { useSure } from "../parts/sure.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import { toast } from "../parts/toast.tsx";
import { go, usePlace } from "../place.ts";
import { texts } from "../texts.ts";
import { zoneHref } from "../zone.ts";
import type { ZoneProps } from "../zone.ts";
import { RecordForm, shortOwner } from "./record-form.tsx";
import type { ZoneRecord } from "./record-form.tsx";

const words = texts.zone;
const usualTypes = ["type:A", "type:AAAA", "type:CNAME", "type:MX", "type:NS", "type:TXT"];

export function Records({ zone, again }: ZoneProps): JSX.Element {
  const { query } = usePlace();
  const q = query.get("q") ?? "";
  const { name } = zone;
  const list = useKeyset("GET /zones/{zone}/records", q, { zone: name });
  const [edited, setEdited] = useState<ZoneRecord | "new">();
  const { asked, ask } = useSure();
  const changed = (serial: number): void => {
    toast(words.saved(serial));
    setEdited(undefined);
    list.again();
    again();
  };
  const remove = (record: ZoneRecord): void => {
    const owner = shortOwner(record.owner, name);
    ask({
      title: words.removeTitle(owner, record.type),
      says: words.removeSays(record.ttlSeconds),
      act: words.remove,
      async run() {
        const body = { remove: [record.id] };
        changed(
          (await call("POST /zones/{zone}/records", { parameters: { zone: name }, body })).serial,
        );
      },
    });
  };
  return (
    <section class="records">
      <div class="page-head">
        <SearchBox
          label={words.search}
          hint={words.searchHint}
          path={zoneHref(name)}
          q={q}
          words={usualTypes}
        />
        <a href={urlOf("GET /zones/{zone}/file", { parameters: { zone: name } })} download>
          {words.export}
        </a>
        <Button kind="main" onClick={() => setEdited("new")}>
          {words.add}
        </Button>
      </div>
      <RecordList list={list} zone={name} q={q} onChange={setEdited} onRemove={remove} />
      {edited === undefined ? null : (
        <RecordForm
          zone={name}
          record={edited === "new" ? undefined : edited}
          onSaved={changed}
          onClose={() => setEdited(undefined)}
        />
      )}
      {asked}
    </section>
  );
}

interface Acts {
  readonly zone: string;
  readonly onChange: (record: ZoneRecord) => void;
  readonly onRemove: (record: ZoneRecord) => void;
}

function RecordList({
  list,
  q,
  ...acts
}: Acts & { readonly list: Keyset<ZoneRecord>; readonly q: string }): JSX.Element {
  const { rows } = list;
  return (
    <>
      <TroubleNote trouble={list.trouble} again={list.again} />
      {rows === undefined && list.trouble === undefined ? (
        <p class="loading">{texts.common.loading}</p>
      ) : null}
      {rows?.length === 0 && !list.hasMore ? (
        <Empty title={words.noneFound} says={words.noneFoundSays}>
          {q === "" ? null : (
            <Button onClick={() => go(zoneHref(acts.zone))}>{words.allRecords}</Button>
          )}
        </Empty>
      ) : null}
      {rows === undefined || (rows.length === 0 && !list.hasMore) ? null : (
        <>
          <Table
            label={words.tabs.records}
            columns={makeColumns(acts)}
            rows={rows}
            keyOf={({ id }) => id}
          />
          <ListFoot list={list} shown={words.shown} />
        </>
      )}
    </>
  );
}

function makeColumns({ zone, onChange, onRemove }: Acts): readonly Column<ZoneRecord>[] {
  const { columns } = words;
  return [
    { title: columns.owner, cell: ({ owner }) => <b>{shortOwner(owner, zone)}</b> },
    { title: columns.type, cell: ({ type }) => type },
    { title: columns.ttl, cell: ({ ttlSeconds }) => words.seconds(ttlSeconds) },
    { title: columns.data, cell: ({ data }) => <code class="data">{data}</code> },
    {
      title: columns.acts,
      cell: (record) => {
        const owner = shortOwner(record.owner, zone);
        return (
          <span class="row">
            <Button
              kind="quiet"
              aria-label={words.named(words.change, owner, record.type)}
              onClick={() => onChange(record)}
            >
              {words.change}
            </Button>
            <Button
              kind="quiet"
              aria-label={words.named(words.remove, owner, record.type)}
              onClick={() => onRemove(record)}
            >
              {words.remove}
            </Button>
          </span>
        );
      },
    },
  ];
}
