/** A question before an act that somebody would miss: it names the thing and says what stops working. */

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { useAct } from "../asked.ts";
import { texts } from "../texts.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { TroubleNote } from "./empty.tsx";
import { Field, textOf } from "./field.tsx";

export interface Question {
  readonly title: string;
  readonly says: ComponentChildren;
  /** On the button. */
  readonly act: string;
  readonly isHarmless?: boolean;
  /** What has to be typed, and how that is asked for. */
  readonly typed?: { readonly label: string; readonly text: string };
  run(): Promise<unknown>;
}

export function Sure({
  question,
  onClose,
}: {
  readonly question: Question;
  readonly onClose: () => void;
}): JSX.Element {
  const { title, says, act: word, typed, isHarmless = false } = question;
  const [text, setText] = useState("");
  const { act, isBusy, trouble } = useAct();
  const run = async (): Promise<void> => {
    if (await act(question.run)) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <p>{says}</p>
        {typed === undefined ? null : (
          <Field
            label={typed.label}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            autofocus
            value={text}
            onInput={(event) => setText(textOf(event))}
          />
        )}
        <TroubleNote trouble={trouble} />
        <div class="row">
          <Button
            kind={isHarmless ? "main" : "danger"}
            type="submit"
            isBusy={isBusy}
            disabled={typed !== undefined && text.trim() !== typed.text}
          >
            {word}
          </Button>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The question that is asked now, and how to ask one. */
export function useSure(): {
  readonly asked: JSX.Element | null;
  ask(question: Question): void;
} {
  const [question, setQuestion] = useState<Question>();
  const asked =
    question === undefined ? null : (
      <Sure question={question} onClose={() => setQuestion(undefined)} />
    );
  return { asked, ask: (next) => setQuestion(() => next) };
}
