/** Asks once more who it is, when a change wants a fresh session; the change then goes on by itself. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call, useSession } from "../api.ts";
import { useAct } from "../asked.ts";
import { texts } from "../texts.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { TroubleNote } from "./empty.tsx";
import { Field, textOf } from "./field.tsx";

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
  const { act, isBusy, trouble } = useAct();
  const prove = async (): Promise<void> => {
    const isGood = await act(async () => {
      const body = { ...(password === "" ? {} : { password }), ...(code === "" ? {} : { code }) };
      await call("POST /session/step-up", { body });
      // The session has a new id from now on, and its token another value.
      useSession({ csrf: (await call("GET /greeting", {})).csrf });
    });
    if (isGood) answer(true);
  };
  return (
    <Dialog title={texts.stepUp.title} onClose={() => answer(false)}>
      <p>{texts.stepUp.says}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void prove();
        }}
      >
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
        <TroubleNote trouble={trouble} />
        <Button kind="main" type="submit" isBusy={isBusy}>
          {texts.stepUp.submit}
        </Button>
      </form>
    </Dialog>
  );
}
