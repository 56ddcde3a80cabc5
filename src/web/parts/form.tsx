/** A form that makes one call: its fields, what went wrong, and the button that sends it. Enter sends it, too. */

import type { ComponentChildren, JSX } from "preact";
import { useAct } from "../asked.ts";
import { Button } from "./button.tsx";
import type { ButtonProps } from "./button.tsx";
import { TroubleNote } from "./empty.tsx";

export type FaultAt = (pointer: string) => string | undefined;

export function Form({
  submit,
  word,
  kind = "main",
  isOff = false,
  beside,
  children,
}: {
  readonly submit: () => Promise<unknown>;
  /** On the button. */
  readonly word: string;
  readonly kind?: NonNullable<ButtonProps["kind"]>;
  /** Nothing can be sent yet. */
  readonly isOff?: boolean;
  /** Other buttons. */
  readonly beside?: ComponentChildren;
  /** Where a field can be wrong: given what is wrong with the one at a pointer, if anything. */
  readonly children: ComponentChildren | ((faultAt: FaultAt) => ComponentChildren);
}): JSX.Element {
  const { act, isBusy, trouble } = useAct();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void act(submit);
      }}
    >
      {typeof children === "function" ? children((pointer) => trouble?.faultAt(pointer)) : children}
      <TroubleNote trouble={trouble} />
      <div class="row">
        <Button kind={kind} type="submit" isBusy={isBusy} disabled={isOff}>
          {word}
        </Button>
        {beside}
      </div>
    </form>
  );
}
