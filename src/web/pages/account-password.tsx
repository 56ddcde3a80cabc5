/** Another password, with the one that holds until now. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CardProps } from "../account.ts";
import { call } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { texts } from "../texts.ts";

const words = texts.account;

export function Password({ changed }: CardProps): JSX.Element {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [isChanged, setChanged] = useState(false);
  const { act, isBusy, trouble } = useAct();
  const change = async (): Promise<void> => {
    setChanged(false);
    await call("PUT /account/password", { body: { current, next } });
    setCurrent("");
    setNext("");
    setChanged(true);
    await changed();
  };
  return (
    <section class="card">
      <h2>{words.password}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(change);
        }}
      >
        <Field
          label={words.current}
          type="password"
          autocomplete="current-password"
          required
          fault={trouble?.faultAt("/current")}
          value={current}
          onInput={(event) => setCurrent(textOf(event))}
        />
        <Field
          label={words.next}
          says={words.nextSays}
          type="password"
          autocomplete="new-password"
          required
          fault={trouble?.faultAt("/next")}
          value={next}
          onInput={(event) => setNext(textOf(event))}
        />
        <TroubleNote trouble={trouble} />
        <p role="status">{isChanged ? words.changed : ""}</p>
        <Button kind="main" type="submit" isBusy={isBusy}>
          {words.change}
        </Button>
      </form>
    </section>
  );
}
