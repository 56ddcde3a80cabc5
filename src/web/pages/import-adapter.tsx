/** A rule from a file or pasted, saved on trial or in force; its mistakes by line. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Choice, FileField, textOf } from "../parts/field.tsx";
import { RuleEditor } from "../parts/rule-editor.tsx";
import { toast } from "../parts/toast.tsx";
import { mistakesOf } from "../rule-mistake.ts";
import { texts } from "../texts.ts";

const words = texts.adapters;

export function ImportAdapter({
  again,
  onClose,
}: {
  readonly again: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const [rule, setRule] = useState("");
  const [state, setState] = useState<"shadow" | "enabled">("shadow");
  const { act, isBusy, trouble, forget } = useAct();
  const put = (text: string): void => {
    setRule(text);
    forget();
  };
  const save = async (): Promise<void> => {
    const saved = await call("POST /adapters", { body: { rule, state } });
    toast(words.saved(saved.id, words.states[saved.state]));
    again();
    onClose();
  };
  const mistakes = mistakesOf(trouble);
  return (
    <Dialog title={words.importTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(save);
        }}
      >
        <p>{words.importSays}</p>
        <FileField
          label={words.importFile}
          accept=".yaml,.yml,.json"
          put={(file) => void file?.text().then(put)}
        />
        <RuleEditor text={rule} mistakes={mistakes} put={put} />
        <Choice
          label={words.importAs}
          value={state}
          onChange={(event) => setState(textOf(event) === "enabled" ? "enabled" : "shadow")}
        >
          <option value="shadow">{words.importShadow}</option>
          <option value="enabled">{words.importEnabled}</option>
        </Choice>
        {mistakes.length > 0 ? null : <TroubleNote trouble={trouble} />}
        <Button kind="main" type="submit" isBusy={isBusy} disabled={rule.trim() === ""}>
          {words.save}
        </Button>
      </form>
    </Dialog>
  );
}
