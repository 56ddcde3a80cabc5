/** Asks once more who it is, when a change wants a fresh session; the change then goes on by itself. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call, useSession } from "../api.ts";
import { texts } from "../texts.ts";
import { Dialog } from "./dialog.tsx";
import { Field, textOf } from "./field.tsx";
import { Form } from "./form.tsx";

export function StepUp(): JSX.Element | null {
  const [answer, setAnswer] = useState<(isProved: boolean) => void>();
  useEffect(() => {
    useSession({
      prove: () =>
        new Promise((resolve) => {
          setAnswer(() => (isProved: boolean) => {
            setAnswer(undefined);
            resolve(isProved);
          });
        }),
    });
  }, []);
  return answer === undefined ? null : <Proof answer={answer} />;
}

function Proof({ answer }: { readonly answer: (isProved: boolean) => void }): JSX.Element {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const prove = async (): Promise<void> => {
    const body = { ...(password === "" ? {} : { password }), ...(code === "" ? {} : { code }) };
    await call("POST /session/step-up", { body });
    // The session has a new id from now on, and its token another value.
    useSession({ csrf: (await call("GET /greeting", {})).csrf });
    answer(true);
  };
  return (
    <Dialog title={texts.stepUp.title} onClose={() => answer(false)}>
      <p>{texts.stepUp.says}</p>
      <Form submit={prove} word={texts.stepUp.submit}>
        <Field
          label={texts.stepUp.password}
          type="password"
          autocomplete="current-password"
          value={password}
          onInput={(event) => setPassword(textOf(event))}
        />
        <Field
          label={texts.stepUp.code}
          inputMode="numeric"
          autocomplete="one-time-code"
          value={code}
          onInput={(event) => setCode(textOf(event))}
        />
      </Form>
    </Dialog>
  );
}
