/** Holds any host of the service, with the reason that its owner reads. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { toast } from "../parts/toast.tsx";
import { texts } from "../texts.ts";

const words = texts.held;

export function HoldHost({
  host,
  again,
  onClose,
}: {
  /** Empty: to be typed. */
  readonly host: string;
  readonly again: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const [name, setName] = useState(host);
  const [why, setWhy] = useState("");
  const { act, isBusy, trouble } = useAct();
  const hold = async (): Promise<void> => {
    const parameters = { name: name.trim().toLowerCase() };
    await call("PUT /hosts/{name}/hold", { parameters, body: { isHeld: true, why } });
    toast(words.holdDone(parameters.name));
    again();
    onClose();
  };
  return (
    <Dialog title={words.hold} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(hold);
        }}
      >
        <p>{words.holdSays}</p>
        <Field
          label={words.holdName}
          autocapitalize="none"
          spellcheck={false}
          autofocus={host === ""}
          value={name}
          onInput={(event) => setName(textOf(event))}
        />
        <Field
          label={words.holdWhy}
          says={words.holdWhySays}
          maxLength={500}
          autofocus={host !== ""}
          value={why}
          onInput={(event) => setWhy(textOf(event))}
        />
        <TroubleNote trouble={trouble} />
        <Button kind="danger" type="submit" isBusy={isBusy} disabled={name.trim() === ""}>
          {words.holdNow}
        </Button>
      </form>
    </Dialog>
  );
}
