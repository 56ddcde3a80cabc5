/** Name, mail address and password of an account that is about to be made. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Form } from "../parts/form.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { texts } from "../texts.ts";

export interface NewAccount {
  readonly name: string;
  readonly mail: string;
  readonly password: string;
}

export function AccountForm({
  mail: givenMail = "",
  needsMail = false,
  submit,
}: {
  readonly mail?: string;
  readonly needsMail?: boolean;
  readonly submit: (account: NewAccount) => Promise<unknown>;
}): JSX.Element {
  const [name, setName] = useState("");
  const [mail, setMail] = useState(givenMail);
  const [password, setPassword] = useState("");
  const send = (): Promise<unknown> => submit({ name, mail, password });
  return (
    <Form submit={send} word={texts.links.submit}>
      {(faultAt) => (
        <>
          <Field
            label={texts.links.name}
            says={texts.links.nameSays}
            fault={faultAt("/name")}
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            maxLength={64}
            value={name}
            onInput={(event) => setName(textOf(event))}
          />
          <Field
            label={needsMail ? texts.links.mail : `${texts.links.mail} (${texts.common.optional})`}
            says={texts.links.mailSays}
            fault={faultAt("/mail")}
            type="email"
            autocomplete="email"
            required={needsMail}
            value={mail}
            onInput={(event) => setMail(textOf(event))}
          />
          <NewPassword value={password} put={setPassword} fault={faultAt("/password")} />
        </>
      )}
    </Form>
  );
}

export function NewPassword({
  value,
  put,
  fault,
}: {
  readonly value: string;
  readonly put: (value: string) => void;
  readonly fault: string | undefined;
}): JSX.Element {
  return (
    <Field
      label={texts.links.password}
      says={texts.links.passwordSays}
      fault={fault}
      type="password"
      autocomplete="new-password"
      required
      minLength={12}
      maxLength={128}
      value={value}
      onInput={(event) => put(textOf(event))}
    />
  );
}
