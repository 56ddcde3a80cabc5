/** The authenticator app, and the codes for who has lost it. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSignedIn } from "../account.ts";
import type { CardProps } from "../account.ts";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Value } from "../parts/code.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Form } from "../parts/form.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { QrDrawing } from "../parts/qr-code.tsx";
import { RecoveryCodes } from "../parts/recovery-codes.tsx";
import { useSure } from "../parts/sure.tsx";
import { texts } from "../texts.ts";

const words = texts.account;
type Enrolment = Reply<"POST /account/totp">;

export function SecondFactor({ changed }: CardProps): JSX.Element {
  const { account } = useSignedIn();
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [codes, setCodes] = useState<readonly string[]>([]);
  const { act, isBusy, trouble } = useAct();
  const { asked, ask } = useSure();
  const hasSecond = account.hasTotp || account.passkeys > 0;
  const begin = async (): Promise<void> =>
    setEnrolment(await call("POST /account/totp", { body: {} }));
  const remove = (): void =>
    ask({
      title: words.removeTitle,
      says: account.passkeys > 0 ? words.removeSaysPasskey : words.removeSaysLast,
      act: words.remove,
      run: async () => {
        await call("DELETE /account/totp", {});
        setCodes([]);
        await changed();
      },
    });
  const renew = (): void =>
    ask({
      title: words.renewTitle,
      says: words.renewSays,
      act: words.renew,
      isHarmless: true,
      run: async () => {
        setCodes((await call("POST /account/recovery-codes", { body: {} })).recoveryCodes);
        await changed();
      },
    });
  return (
    <section class="card">
      <h2>{words.second}</h2>
      <p>{account.hasTotp ? words.totpOn : words.totpOff}</p>
      <RecoveryCodes codes={codes} />
      <TroubleNote trouble={trouble} />
      {enrolment === undefined ? (
        <p class="row">
          {account.hasTotp ? (
            <Button kind="danger" onClick={remove}>
              {words.remove}
            </Button>
          ) : (
            <Button isBusy={isBusy} onClick={() => void act(begin)}>
              {words.enrol}
            </Button>
          )}
        </p>
      ) : (
        <Confirm
          enrolment={enrolment}
          onDone={async (recoveryCodes) => {
            setEnrolment(undefined);
            setCodes(recoveryCodes);
            await changed();
          }}
          onCancel={() => setEnrolment(undefined)}
        />
      )}
      {hasSecond ? (
        <p class="row">
          <span>{words.codesLeft(account.recoveryCodesLeft)}</span>
          <Button onClick={renew}>{words.renew}</Button>
        </p>
      ) : null}
      {asked}
    </section>
  );
}

function Confirm({
  enrolment,
  onDone,
  onCancel,
}: {
  readonly enrolment: Enrolment;
  readonly onDone: (recoveryCodes: readonly string[]) => Promise<void>;
  readonly onCancel: () => void;
}): JSX.Element {
  const [code, setCode] = useState("");
  const give = async (): Promise<void> => {
    const made = await call("POST /account/totp/confirm", { body: { code: code.trim() } });
    await onDone(made.recoveryCodes);
  };
  return (
    <Form
      submit={give}
      word={words.confirm}
      beside={<Button onClick={onCancel}>{texts.common.cancel}</Button>}
    >
      {(faultAt) => (
        <>
          <p>{words.scan}</p>
          <QrDrawing size={enrolment.qrSize} path={enrolment.qrSvgPath} label={words.enrol} />
          <p>
            {words.secret} <Value text={enrolment.secret} what={words.secret} />
          </p>
          <Field
            label={words.code}
            inputMode="numeric"
            autocomplete="one-time-code"
            autofocus
            required
            fault={faultAt("/code")}
            value={code}
            onInput={(event) => setCode(textOf(event))}
          />
        </>
      )}
    </Form>
  );
}
