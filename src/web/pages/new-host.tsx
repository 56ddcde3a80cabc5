/** Making a host: a label in one of the zones. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { Choice, Field, textOf } from "../parts/field.tsx";
import { texts } from "../texts.ts";

/** A label in a zone becomes a host. */
export function NewHostForm({
  submit,
  onMade,
}: {
  readonly submit: string;
  readonly onMade: (name: string) => void;
}): JSX.Element {
  const zones = useAsked("GET /zones", {});
  const [label, setLabel] = useState("");
  const [chosen, setChosen] = useState<string>();
  const { act, isBusy, trouble } = useAct();
  return (
    <Shown asked={zones}>
      {({ items }) => {
        const zone = chosen ?? items[0]?.name;
        if (zone === undefined) return <p>{texts.hosts.noZones}</p>;
        const name = `${label.trim().toLowerCase()}.${zone}`;
        return (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void act(async () => onMade((await call("POST /hosts", { body: { name } })).name));
            }}
          >
            <Field
              label={texts.hosts.label}
              says={texts.hosts.labelSays}
              fault={trouble?.faultAt("/name")}
              required
              autofocus
              autocapitalize="none"
              spellcheck={false}
              value={label}
              onInput={(event) => setLabel(textOf(event))}
            />
            <Choice
              label={texts.hosts.zone}
              value={zone}
              onChange={(event) => setChosen(textOf(event))}
            >
              {items.map((item) => (
                <option key={item.name} value={item.name}>
                  {item.name}
                </option>
              ))}
            </Choice>
            {label === "" ? null : <p class="soft">{texts.hosts.full(name)}</p>}
            <TroubleNote trouble={trouble} />
            <Button kind="main" type="submit" isBusy={isBusy}>
              {submit}
            </Button>
          </form>
        );
      }}
    </Shown>
  );
}
