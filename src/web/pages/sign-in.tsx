/** Signing in: password or passkey, and the second factor where the account has one. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, Trouble } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Form } from "../parts/form.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { askPasskey } from "../passkey.ts";
import { texts } from "../texts.ts";

export type SignInReply = Reply<"POST /session">;
export type SecondFactor = Extract<SignInReply, { state: "second-factor" }>;

export function SignInForm({
  onReply,
}: {
  readonly onReply: (reply: SignInReply) => void;
}): JSX.Element {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const signIn = async (): Promise<void> =>
    onReply(await call("POST /session", { body: { name, password } }));
  return (
    <>
      <Form submit={signIn} word={texts.signIn.submit}>
        <Field
          label={texts.signIn.name}
          name="username"
          autocomplete="username webauthn"
          autocapitalize="none"
          spellcheck={false}
          required
          value={name}
          onInput={(event) => setName(textOf(event))}
        />
        <Field
          label={texts.signIn.password}
          name="password"
          type="password"
          autocomplete="current-password"
          required
          value={password}
          onInput={(event) => setPassword(textOf(event))}
        />
      </Form>
      <p class="or">{texts.signIn.or}</p>
      <PasskeyButton onReply={onReply} />
    </>
  );
}

function PasskeyButton({
  ticket,
  onReply,
}: {
  readonly ticket?: string;
  readonly onReply: (reply: SignInReply) => void;
}): JSX.Element {
  const { act, isBusy, trouble } = useAct();
  const signIn = (): Promise<boolean> =>
    act(async () => {
      const { ceremony, options } = await call("POST /session/passkey/begin", {
        body: ticket === undefined ? {} : { ticket },
      });
      const response = await askPasskey(options);
      if (response === undefined) throw noPasskey();
      onReply(await call("POST /session/passkey/end", { body: { ceremony, response } }));
    });
  return (
    <>
      <TroubleNote trouble={trouble} />
      <Button isBusy={isBusy} onClick={() => void signIn()}>
        {texts.signIn.passkey}
      </Button>
    </>
  );
}

function noPasskey(): Trouble {
  const { noPasskey: title, noPasskeyHint: hint } = texts.signIn;
  return new Trouble({ title, hint, status: 0, code: "no-passkey", requestId: "" });
}

export function SecondFactorForm({
  wanted,
  onReply,
}: {
  readonly wanted: SecondFactor;
  readonly onReply: (reply: SignInReply) => void;
}): JSX.Element {
  const { ticket, methods } = wanted;
  const [isRecovery, setRecovery] = useState(!methods.includes("totp"));
  const [code, setCode] = useState("");
  const give = async (): Promise<void> => {
    const method = isRecovery ? ("recovery-code" as const) : ("totp" as const);
    const body = { ticket, method, code: code.trim() };
    onReply(await call("POST /session/second-factor", { body }));
  };
  return (
    <>
      <p>{texts.signIn.secondSays}</p>
      {methods.includes("passkey") ? (
        <>
          <PasskeyButton ticket={ticket} onReply={onReply} />
          <p class="or">{texts.signIn.or}</p>
        </>
      ) : null}
      <Form
        submit={give}
        word={texts.signIn.confirm}
        beside={
          methods.includes("totp") && methods.includes("recovery-code") ? (
            <Button kind="quiet" onClick={() => setRecovery(!isRecovery)}>
              {isRecovery ? texts.signIn.useTotp : texts.signIn.useRecovery}
            </Button>
          ) : null
        }
      >
        <Field
          key={String(isRecovery)}
          label={isRecovery ? texts.signIn.recovery : texts.signIn.code}
          inputMode={isRecovery ? "text" : "numeric"}
          autocomplete="one-time-code"
          autofocus
          required
          value={code}
          onInput={(event) => setCode(textOf(event))}
        />
      </Form>
    </>
  );
}
