/** Another password, with the one that holds until now. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CardProps } from "../account.ts";
import { call } from "../api.ts";
import { Form } from "../parts/form.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { texts } from "../texts.ts";

const words = texts.account;

export function Password({ changed }: CardProps): JSX.Element {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [isChanged, setChanged] = useState(false);
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
      <Form submit={change} word={words.change}>
        {(faultAt) => (
          <>
            <Field
              label={words.current}
              type="password"
              autocomplete="current-password"
              required
              fault={faultAt("/current")}
              value={current}
              onInput={(event) => setCurrent(textOf(event))}
            />
            <Field
              label={words.next}
              says={words.nextSays}
              type="password"
              autocomplete="new-password"
              required
              fault={faultAt("/next")}
              value={next}
              onInput={(event) => setNext(textOf(event))}
            />
            <p role="status">{isChanged ? words.changed : ""}</p>
          </>
        )}
      </Form>
    </section>
  );
}
