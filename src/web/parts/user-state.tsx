/** An account's state as shape, word and colour, as a host's state has them. */

import type { JSX } from "preact";
import { texts } from "../texts.ts";
import type { User } from "../user.ts";

const signs = { active: "current", suspended: "held", deleting: "silent" } as const;
const shapes = { active: "●", suspended: "‖", deleting: "◌" } as const;

export function UserState({ state }: { readonly state: User["state"] }): JSX.Element {
  return (
    <span class={`state ${signs[state]}`}>
      <span aria-hidden="true">{shapes[state]}</span> {texts.users.states[state]}
    </span>
  );
}
