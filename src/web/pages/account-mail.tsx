/** The mail address of the account; another one holds when its mail was read. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSignedIn } from "../account.ts";
import type { CardProps } from "../account.ts";
import { call } from "../api.ts";
import { Form } from "../parts/form.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { texts } from "../texts.ts";

const words = texts.account;

export function Mail({ changed }: CardProps): JSX.Element {
  const { account } = useSignedIn();
  const [mail, setMail] = useState("");
  const [askedFor, setAskedFor] = useState<string>();
  const change = async (): Promise<void> => {
    setAskedFor(undefined);
    await call("PUT /account/mail", { body: { mail } });
    setAskedFor(mail);
    setMail("");
    await changed();
  };
  return (
    <section class="card">
      <h2>{words.mail}</h2>
      <p>
        {account.mail === null ? (
          words.noMail
        ) : (
          <>
            <b>{account.mail}</b> {account.isMailConfirmed ? "" : words.unconfirmed}
          </>
        )}
      </p>
      <Form submit={change} word={words.changeMail} kind="plain">
        {(faultAt) => (
          <>
            <Field
              label={words.newMail}
              says={words.newMailSays}
              type="email"
              autocomplete="email"
              required
              maxLength={254}
              fault={faultAt("/mail")}
              value={mail}
              onInput={(event) => setMail(textOf(event))}
            />
            <p role="status">{askedFor === undefined ? "" : words.mailSent(askedFor)}</p>
          </>
        )}
      </Form>
    </section>
  );
}
