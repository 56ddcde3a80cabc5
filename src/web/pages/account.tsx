/** The own account: password, second factors, and where it is signed in. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSignedIn } from "../account.ts";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { Moment } from "../parts/moment.tsx";
import { QrDrawing } from "../parts/qr-code.tsx";
import { Table } from "../parts/table.tsx";
import { makePasskey } from "../passkey.ts";
import { texts } from "../texts.ts";

const words = texts.account;

export function AccountPage(): JSX.Element {
  return (
    <>
      <h1>{texts.menu.account}</h1>
      <Password />
      <SecondFactor />
      <Passkeys />
      <Sessions />
    </>
  );
}

function Password(): JSX.Element {
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
        {isChanged ? <p role="status">{words.changed}</p> : null}
        <Button kind="main" type="submit" isBusy={isBusy}>
          {words.change}
        </Button>
      </form>
    </section>
  );
}

type Enrolment = Reply<"POST /account/totp">;

function SecondFactor(): JSX.Element {
  const { account, greet } = useSignedIn();
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [code, setCode] = useState("");
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[]>([]);
  const { act, isBusy, trouble } = useAct();
  const begin = async (): Promise<void> =>
    setEnrolment(await call("POST /account/totp", { body: {} }));
  const confirmCode = async (): Promise<void> => {
    const made = await call("POST /account/totp/confirm", { body: { code } });
    setRecoveryCodes(made.recoveryCodes);
    setEnrolment(undefined);
    setCode("");
    await greet();
  };
  const remove = async (): Promise<void> => {
    await call("DELETE /account/totp", {});
    await greet();
  };
  return (
    <section class="card">
      <h2>{words.second}</h2>
      <p>{account.hasTotp ? words.totpOn : words.totpOff}</p>
      <RecoveryCodes codes={recoveryCodes} />
      <TroubleNote trouble={trouble} />
      {enrolment === undefined ? (
        <Button isBusy={isBusy} onClick={() => void act(account.hasTotp ? remove : begin)}>
          {account.hasTotp ? words.remove : words.enrol}
        </Button>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void act(confirmCode);
          }}
        >
          <p>{words.scan}</p>
          <QrDrawing size={enrolment.qrSize} path={enrolment.qrSvgPath} label={words.enrol} />
          <p>
            {words.secret} <code>{enrolment.secret}</code>
          </p>
          <Field
            label={words.code}
            inputMode="numeric"
            autocomplete="one-time-code"
            required
            fault={trouble?.faultAt("/code")}
            value={code}
            onInput={(event) => setCode(textOf(event))}
          />
          <Button kind="main" type="submit" isBusy={isBusy}>
            {words.confirm}
          </Button>
        </form>
      )}
    </section>
  );
}

/** The server tells them once, with the first second factor, whichever it is. */
function RecoveryCodes({ codes }: { readonly codes: readonly string[] }): JSX.Element | null {
  if (codes.length === 0) return null;
  return (
    <div class="shown-once" role="status">
      <p>
        <b>{words.recovery}</b>
      </p>
      <pre>{codes.join("\n")}</pre>
    </div>
  );
}

function Passkeys(): JSX.Element {
  const passkeys = useAsked("GET /account/passkeys", {});
  const [name, setName] = useState("");
  const [isRefused, setRefused] = useState(false);
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[]>([]);
  const { act, isBusy, trouble } = useAct();
  const add = async (): Promise<void> => {
    setRefused(false);
    const { ceremony, options } = await call("POST /account/passkeys/begin", { body: {} });
    const response = await makePasskey(options);
    if (response === undefined) return setRefused(true);
    const made = await call("POST /account/passkeys/end", { body: { ceremony, name, response } });
    // A second passkey brings none, and what the first one brought is still to be written down.
    if (made.recoveryCodes.length > 0) setRecoveryCodes(made.recoveryCodes);
    setName("");
    passkeys.again();
  };
  const remove = async (id: string): Promise<void> => {
    await call("DELETE /account/passkeys/{id}", { parameters: { id } });
    passkeys.again();
  };
  return (
    <section class="card">
      <h2>{words.passkeys}</h2>
      <RecoveryCodes codes={recoveryCodes} />
      <Shown asked={passkeys}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="soft">{words.noPasskeys}</p>
          ) : (
            <ul>
              {items.map((key) => (
                <li key={key.id}>
                  {key.name}{" "}
                  <Button kind="quiet" onClick={() => void act(() => remove(key.id))}>
                    {words.removePasskey}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(add);
        }}
      >
        <Field
          label={words.passkeyName}
          required
          value={name}
          onInput={(event) => setName(textOf(event))}
        />
        {isRefused ? <p role="alert">{words.refused}</p> : null}
        <TroubleNote trouble={trouble} />
        <Button type="submit" isBusy={isBusy}>
          {words.addPasskey}
        </Button>
      </form>
    </section>
  );
}

function Sessions(): JSX.Element {
  const sessions = useAsked("GET /account/sessions", {});
  const { act, isBusy, trouble } = useAct();
  const end = async (id: string): Promise<void> => {
    await call("DELETE /account/sessions/{id}", { parameters: { id } });
    sessions.again();
  };
  return (
    <section class="card">
      <h2>{words.sessions}</h2>
      <TroubleNote trouble={trouble} />
      <Shown asked={sessions}>
        {({ items }) => (
          <Table
            label={words.sessions}
            rows={items}
            keyOf={({ id }) => id}
            columns={[
              { title: "IP", cell: ({ peer }) => <code>{peer}</code> },
              { title: words.seen, cell: ({ seenAt }) => <Moment at={seenAt} /> },
              {
                title: texts.hosts.columns.device,
                cell: ({ userAgent }) => userAgent,
                isRare: true,
              },
              {
                title: "",
                cell: ({ id, isThis }) =>
                  isThis ? (
                    words.here
                  ) : (
                    <Button kind="quiet" isBusy={isBusy} onClick={() => void act(() => end(id))}>
                      {words.end}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Shown>
    </section>
  );
}
