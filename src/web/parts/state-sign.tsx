/** A host's state as shape, word and colour. */

import type { JSX } from "preact";
import { texts } from "../texts.ts";

export type HostState = keyof typeof texts.states;

const shapes: Readonly<Record<HostState, string>> = {
  waiting: "○",
  current: "●",
  quiet: "◐",
  silent: "◌",
  held: "‖",
  fixed: "■",
};

export function StateSign({ state }: { readonly state: HostState }): JSX.Element {
  return (
    <span class={`state ${state}`} title={texts.stateSays[state]}>
      <span aria-hidden="true">{shapes[state]}</span> {texts.states[state]}
    </span>
  );
}

/** Good or not, for rows of checks. */
export function CheckSign({
  isGood,
  children,
}: {
  readonly isGood: boolean;
  readonly children: string;
}): JSX.Element {
  return (
    <span class={`state ${isGood ? "current" : "silent"}`}>
      <span aria-hidden="true">{isGood ? "✓" : "✗"}</span> {children}
    </span>
  );
}
