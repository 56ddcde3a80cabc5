/** Setting up: four steps from an empty service to a host that is green. Each has a live check; all but the first can be skipped. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Code } from "../parts/code.tsx";
import { Shown } from "../parts/empty.tsx";
import { go } from "../place.ts";
import { texts } from "../texts.ts";
import { AccountForm } from "./account-form.tsx";
import { EntryFrame } from "./entry.tsx";
import { DomainStep } from "./setup-domain.tsx";
import { HostStep } from "./setup-host.tsx";
import { ReachStep } from "./setup-reach.tsx";

export interface SetupProps {
  readonly greeting: Reply<"GET /greeting">;
  readonly token: string | undefined;
  greet(): Promise<void>;
  onDone(): Promise<void>;
}

export function SetupPage({ greeting, token, greet, onDone }: SetupProps): JSX.Element {
  const [step, setStep] = useState(0);
  if (token === undefined) return <NeedsLink greeting={greeting} title={texts.setup.needsLink} />;
  if (step === 0 && greeting.account === null) {
    const next = async (): Promise<void> => {
      await greet();
      setStep(1);
    };
    return <YouStep greeting={greeting} token={token} onNext={next} />;
  }
  const at = Math.max(1, step);
  const next = (): void => setStep(at + 1);
  const finish = (host?: string): void => {
    go(host === undefined ? "/hosts" : `/hosts/${host}`, "replace");
    void onDone();
  };
  return (
    <EntryFrame greeting={greeting} title={texts.setup.steps[at] ?? ""} isWide>
      <Steps at={at} />
      {at === 1 ? <DomainStep onNext={next} /> : null}
      {at === 2 ? <ReachStep onNext={next} /> : null}
      {at === 3 ? <HostStep onDone={finish} /> : null}
      <Button kind="quiet" onClick={() => (at === 3 ? finish() : next())}>
        {texts.common.skip}
      </Button>
    </EntryFrame>
  );
}

function Steps({ at }: { readonly at: number }): JSX.Element {
  return (
    <ol class="steps" aria-label={texts.setup.step(at + 1, texts.setup.steps.length)}>
      {texts.setup.steps.map((step, place) => (
        <li
          key={step}
          class={place < at ? "done" : undefined}
          aria-current={place === at ? "step" : undefined}
        >
          {step}
        </li>
      ))}
    </ol>
  );
}

interface FrameProps {
  readonly greeting: Reply<"GET /greeting">;
  readonly title: string;
}

function NeedsLink({ greeting, title }: FrameProps): JSX.Element {
  return (
    <EntryFrame greeting={greeting} title={title}>
      <p>{texts.setup.needsLinkSays}</p>
      <Code text={texts.setup.needsLinkCommand} what={texts.setup.needsLinkCommand} />
    </EntryFrame>
  );
}

function YouStep({
  greeting,
  token,
  onNext,
}: {
  readonly greeting: Reply<"GET /greeting">;
  readonly token: string;
  readonly onNext: () => Promise<void>;
}): JSX.Element {
  const asked = useAsked("POST /setup/check", { body: { token } });
  if (asked.trouble !== undefined && asked.trouble.problem.status > 0)
    return <NeedsLink greeting={greeting} title={texts.links.dead} />;
  return (
    <EntryFrame greeting={greeting} title={texts.setup.title}>
      <Steps at={0} />
      <Shown asked={asked}>
        {() => (
          <>
            <p>{texts.setup.you}</p>
            <AccountForm
              submit={async ({ name, mail, password }) => {
                const body = { token, name, password, ...(mail === "" ? {} : { mail }) };
                await call("POST /setup", { body });
                await onNext();
              }}
            />
          </>
        )}
      </Shown>
    </EntryFrame>
  );
}
