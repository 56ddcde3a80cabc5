/** Passkeys of the account: added with the browser, named, and given up. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSignedIn } from "../account.ts";
import type { CardProps } from "../account.ts";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Shown } from "../parts/empty.tsx";
import { Form } from "../parts/form.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { Moment } from "../parts/moment.tsx";
import { RecoveryCodes } from "../parts/recovery-codes.tsx";
import { useSure } from "../parts/sure.tsx";
import { makePasskey } from "../passkey.ts";
import { texts } from "../texts.ts";

const words = texts.account;
type Passkey = Reply<"GET /account/passkeys">["items"][number];

export function Passkeys({ changed }: CardProps): JSX.Element {
  const passkeys = useAsked("GET /account/passkeys", {});
  const [name, setName] = useState("");
  const [isRefused, setRefused] = useState(false);
  const [codes, setCodes] = useState<readonly string[]>([]);
  const add = async (): Promise<void> => {
    setRefused(false);
    const { ceremony, options } = await call("POST /account/passkeys/begin", { body: {} });
    const response = await makePasskey(options);
    if (response === undefined) return setRefused(true);
    const made = await call("POST /account/passkeys/end", { body: { ceremony, name, response } });
    // A second passkey brings none, and what the first one brought is still to be written down.
    if (made.recoveryCodes.length > 0) setCodes(made.recoveryCodes);
    setName("");
    passkeys.again();
    await changed();
  };
  return (
    <section class="card">
      <h2>{words.passkeys}</h2>
      <RecoveryCodes codes={codes} />
      <Shown asked={passkeys}>
        {({ items }) => (
          <PasskeyList
            items={items}
            changed={async () => {
              passkeys.again();
              await changed();
            }}
          />
        )}
      </Shown>
      <Form submit={add} word={words.addPasskey} kind="plain">
        <Field
          label={words.passkeyName}
          required
          maxLength={100}
          value={name}
          onInput={(event) => setName(textOf(event))}
        />
        {isRefused ? <p role="alert">{words.refused}</p> : null}
      </Form>
    </section>
  );
}

function PasskeyList({
  items,
  changed,
}: CardProps & { readonly items: readonly Passkey[] }): JSX.Element {
  const { account } = useSignedIn();
  const { asked, ask } = useSure();
  if (items.length === 0) return <p class="soft">{words.noPasskeys}</p>;
  const isLast = items.length === 1 && !account.hasTotp;
  const remove = ({ id, name }: Passkey): void =>
    ask({
      title: words.removePasskeyTitle(name),
      says: isLast ? words.removeSaysLast : words.removePasskeySays,
      act: words.removePasskey,
      run: async () => {
        await call("DELETE /account/passkeys/{id}", { parameters: { id } });
        await changed();
      },
    });
  return (
    <>
      <ul class="plain">
        {items.map((key) => (
          <li key={key.id} class="row">
            <b>{key.name}</b>
            <span class="soft">
              {words.passkeyUsed} <Moment at={key.usedAt} />
            </span>
            <Button
              kind="quiet"
              aria-label={words.removeThis(key.name)}
              onClick={() => remove(key)}
            >
              {words.removePasskey}
            </Button>
          </li>
        ))}
      </ul>
      {asked}
    </>
  );
}
