/** Setting up: the four steps from an empty service to a host that is green. */

import type { JSX } from "preact";
import type { Reply } from "../api.ts";
import { Code } from "../parts/code.tsx";
import { texts } from "../texts.ts";
import { EntryFrame } from "./entry.tsx";

export interface SetupProps {
  readonly greeting: Reply<"GET /greeting">;
  readonly token: string | undefined;
  greet(): Promise<void>;
  onDone(): Promise<void>;
}

export function SetupPage({ greeting }: SetupProps): JSX.Element {
  return (
    <EntryFrame greeting={greeting} title={texts.setup.needsLink}>
      <p>{texts.setup.needsLinkSays}</p>
      <Code text={texts.setup.needsLinkCommand} what={texts.setup.needsLinkCommand} />
    </EntryFrame>
  );
}
