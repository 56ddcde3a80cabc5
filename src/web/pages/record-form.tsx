/** The form of one record: a new one, or another in the place of one that is there. */

import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Area, Field, textOf } from "../parts/field.tsx";
import { texts } from "../texts.ts";

export type ZoneRecord = Reply<"GET /zones/{zone}/records">["items"][number];

const words = texts.zone;
const usualTtlSeconds = 300;

export function RecordForm({
  zone,
  record,
  onSaved,
  onClose,
}: {
  readonly zone: string;
  /** Undefined: a new one. */
  readonly record: ZoneRecord | undefined;
  readonly onSaved: (serial: number) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const [owner, setOwner] = useState(record === undefined ? "" : shortOwner(record.owner, zone));
  const [type, setType] = useState(record?.type ?? "");
  const [ttl, setTtl] = useState(String(record?.ttlSeconds ?? usualTtlSeconds));
  const [data, setData] = useState(record?.data ?? "");
  const { act, isBusy, trouble } = useAct();
  const typesId = useId();
  const save = async (): Promise<void> => {
    const body = {
      add: [{ owner: owner.trim(), type: type.trim(), ttlSeconds: Number(ttl), data: data.trim() }],
      remove: record === undefined ? [] : [record.id],
    };
    onSaved((await call("POST /zones/{zone}/records", { parameters: { zone }, body })).serial);
  };
  const faults = {
    owner: trouble?.faultAt("/add/0/owner"),
    type: trouble?.faultAt("/add/0/type"),
    ttl: trouble?.faultAt("/add/0/ttlSeconds"),
    // What stands beside it, or a record that is gone, is about the record as a whole.
    data:
      trouble?.faultAt("/add/0/data") ??
      trouble?.faultAt("/add/0") ??
      trouble?.faultAt("/remove/0"),
  };
  const isBesideField = Object.values(faults).some((fault) => fault !== undefined);
  const example = words.examples[type.trim().toUpperCase()];
  return (
    <Dialog
      title={
        record === undefined
          ? words.addTitle
          : words.changeTitle(shortOwner(record.owner, zone), record.type)
      }
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(save);
        }}
      >
        <Field
          label={words.owner}
          says={words.ownerSays(zone)}
          fault={faults.owner}
          required
          autofocus
          autocapitalize="none"
          spellcheck={false}
          value={owner}
          onInput={(event) => setOwner(textOf(event))}
        />
        <Field
          label={words.type}
          says={words.typeSays}
          fault={faults.type}
          required
          autocapitalize="characters"
          spellcheck={false}
          list={typesId}
          value={type}
          onInput={(event) => setType(textOf(event))}
        />
        <datalist id={typesId}>
          {Object.keys(words.examples).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Field
          label={words.ttl}
          says={words.ttlSays}
          fault={faults.ttl}
          type="number"
          inputMode="numeric"
          required
          min={0}
          max={2_147_483_647}
          value={ttl}
          onInput={(event) => setTtl(textOf(event))}
        />
        <Area
          label={words.data}
          says={example === undefined ? words.dataSays : words.example(example)}
          fault={faults.data}
          rows={2}
          spellcheck={false}
          autocapitalize="none"
          value={data}
          onInput={(event) => setData(textOf(event))}
        />
        {isBesideField ? null : <TroubleNote trouble={trouble} />}
        <Button kind="main" type="submit" isBusy={isBusy}>
          {words.put}
        </Button>
      </form>
    </Dialog>
  );
}

/** As a person writes it: `@`, `www`. */
export function shortOwner(owner: string, zone: string): string {
  const full = owner.toLowerCase();
  if (full === `${zone}.`) return "@";
  return full.endsWith(`.${zone}.`) ? owner.slice(0, -zone.length - 2) : owner;
}
