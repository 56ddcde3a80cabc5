/** Deleting a host: what stops working is said, and its name is typed. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import { useAct } from "../asked.ts";
import type { HostTabProps } from "../host-tab.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { go } from "../place.ts";
import { texts } from "../texts.ts";

export function HostDanger({ host: { name } }: HostTabProps): JSX.Element {
  const [typed, setTyped] = useState("");
  const { act, isBusy, trouble } = useAct();
  const remove = (): Promise<boolean> =>
    act(async () => {
      await call("DELETE /hosts/{name}", { parameters: { name } });
      go("/hosts", "replace");
    });
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void remove();
      }}
    >
      <h2>{texts.host.deleteTitle(name)}</h2>
      <p>{texts.host.deleteSays}</p>
      <Field
        label={texts.host.deleteType(name)}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={typed}
        onInput={(event) => setTyped(textOf(event))}
      />
      <TroubleNote trouble={trouble} />
      <Button kind="danger" type="submit" isBusy={isBusy} disabled={typed.trim() !== name}>
        {texts.host.deleteDo}
      </Button>
    </form>
  );
}
