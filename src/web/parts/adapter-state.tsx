/** An adapter's state as shape, word and colour. */

import type { JSX } from "preact";
import type { Adapter } from "../adapter.ts";
import { texts } from "../texts.ts";

const looks: Readonly<Record<Adapter["state"], readonly [shape: string, colour: string]>> = {
  "built-in": ["■", ""],
  shadow: ["◐", "quiet"],
  enabled: ["●", "current"],
  disabled: ["○", ""],
};

export function AdapterState({ state }: { readonly state: Adapter["state"] }): JSX.Element {
  const [shape, colour] = looks[state];
  return (
    <span class={`state ${colour}`} title={texts.adapters.stateSays[state]}>
      <span aria-hidden="true">{shape}</span> {texts.adapters.states[state]}
    </span>
  );
}
