/** The zones that are served, and serving another. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Empty, Shown, TroubleNote } from "../parts/empty.tsx";
import { Field, Tick, textOf } from "../parts/field.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import { go, usePlace } from "../place.ts";
import { texts } from "../texts.ts";
import { printOpen, zoneHref } from "../zone.ts";
import type { Zone } from "../zone.ts";

const words = texts.zones;
const path = "/admin/zones";

export function ZonesPage(): JSX.Element {
  const { query } = usePlace();
  const zones = useAsked("GET /zones", {});
  return (
    <>
      <header class="page-head">
        <h1>{words.menu}</h1>
        <Button kind="main" onClick={() => go(`${path}?new=`)}>
          {words.new}
        </Button>
      </header>
      <Shown asked={zones}>{({ items }) => <ZoneList zones={items} />}</Shown>
      {query.has("new") ? <NewZone onClose={() => go(path, "replace")} /> : null}
    </>
  );
}

function ZoneList({ zones }: { readonly zones: Reply<"GET /zones">["items"] }): JSX.Element {
  if (zones.length === 0) return <Empty title={words.empty} says={words.emptySays} />;
  return (
    <Table
      label={words.menu}
      columns={columns}
      rows={zones}
      keyOf={({ name }) => name}
      hrefOf={({ name }) => zoneHref(name)}
    />
  );
}

const columns: readonly Column<Zone>[] = [
  {
    title: words.columns.name,
    cell: ({ name, isPrivate }) => (
      <>
        <b>{name}</b> {isPrivate ? <span class="soft">{words.private}</span> : null}
      </>
    ),
  },
  { title: words.columns.hosts, cell: ({ hosts }) => texts.zone.itsHosts(hosts) },
  { title: words.columns.signing, cell: ({ signing }) => words.signing[signing] },
  { title: words.columns.openFor, cell: printOpen },
  { title: words.columns.records, isRare: true, cell: ({ records }) => records },
  { title: words.columns.serial, isRare: true, cell: ({ serial }) => <code>{serial}</code> },
];

function NewZone({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const [name, setName] = useState("");
  const [isPrivate, setPrivate] = useState(false);
  const [isShared, setShared] = useState(false);
  const { act, isBusy, trouble } = useAct();
  const serve = async (): Promise<void> => {
    const wanted = name.trim().toLowerCase().replace(/\.$/, "");
    const made = await call("POST /zones", { body: { name: wanted, isPrivate, isShared } });
    go(isPrivate ? zoneHref(made.name) : `${zoneHref(made.name)}/delegation`, "replace");
  };
  return (
    <Dialog title={words.new} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(serve);
        }}
      >
        <Field
          label={words.name}
          says={words.nameSays}
          fault={trouble?.faultAt("/name")}
          required
          autofocus
          autocapitalize="none"
          spellcheck={false}
          value={name}
          onInput={(event) => setName(textOf(event))}
        />
        <Tick
          label={words.isPrivate}
          says={words.isPrivateSays}
          isOn={isPrivate}
          put={setPrivate}
        />
        <Tick label={texts.zone.share} isOn={isShared} put={setShared} />
        {trouble?.faultAt("/name") === undefined ? <TroubleNote trouble={trouble} /> : null}
        <Button kind="main" type="submit" isBusy={isBusy}>
          {words.serve}
        </Button>
      </form>
    </Dialog>
  );
}
