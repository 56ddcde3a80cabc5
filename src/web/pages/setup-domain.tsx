/** Step two: the domain, the exact lines for its registrar, and whether the world finds us yet. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { texts } from "../texts.ts";
import type { Zone } from "../zone.ts";
import { Delegation } from "./delegation.tsx";

export function DomainStep({ onNext }: { readonly onNext: () => void }): JSX.Element {
  const zones = useAsked("GET /zones", {});
  const [made, setMade] = useState<Zone>();
  return (
    <Shown asked={zones}>
      {({ items }) => {
        const zone = made ?? items[0];
        return (
          <>
            {zone === undefined ? <DomainForm onMade={setMade} /> : <Served zone={zone} />}
            {zone === undefined ? null : (
              <Button kind="main" onClick={onNext}>
                {texts.common.next}
              </Button>
            )}
          </>
        );
      }}
    </Shown>
  );
}

function DomainForm({ onMade }: { readonly onMade: (zone: Zone) => void }): JSX.Element {
  const [name, setName] = useState("");
  const { act, isBusy, trouble } = useAct();
  const serve = (): Promise<boolean> =>
    act(async () => {
      const wanted = name.trim().toLowerCase().replace(/\.$/, "");
      const isPrivate = wanted === "home.arpa" || wanted.endsWith(".home.arpa");
      onMade(await call("POST /zones", { body: { name: wanted, isPrivate } }));
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void serve();
      }}
    >
      <p>{texts.setup.domain}</p>
      <Field
        label={texts.setup.domainName}
        says={`${texts.setup.domainSays} ${texts.setup.domainNone}`}
        fault={trouble?.faultAt("/name")}
        required
        autofocus
        autocapitalize="none"
        spellcheck={false}
        value={name}
        onInput={(event) => setName(textOf(event))}
      />
      <TroubleNote trouble={trouble} />
      <Button kind="main" type="submit" isBusy={isBusy}>
        {texts.setup.serve}
      </Button>
    </form>
  );
}

const checkEveryMs = 10_000;

function Served({ zone }: { readonly zone: Zone }): JSX.Element {
  return (
    <>
      <p>
        <b>{zone.name}</b>
      </p>
      <Delegation zone={zone} everyMs={checkEveryMs} />
    </>
  );
}
