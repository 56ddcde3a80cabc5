/** Step three: how this browser reached the service, and what the service finds of itself. */

import type { JSX } from "preact";
import { useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Shown } from "../parts/empty.tsx";
import { CheckSign } from "../parts/state-sign.tsx";
import { texts } from "../texts.ts";

export function ReachStep({ onNext }: { readonly onNext: () => void }): JSX.Element {
  const sessions = useAsked("GET /account/sessions", {});
  const overview = useAsked("GET /overview", {}, 10_000);
  const isSecure = location.protocol === "https:";
  return (
    <>
      <p>{texts.setup.reach}</p>
      <Shown asked={sessions}>
        {({ items }) => <OwnAddress peer={items.find((session) => session.isThis)?.peer ?? ""} />}
      </Shown>
      <p>
        <CheckSign isGood={isSecure}>
          {isSecure ? texts.setup.secure : texts.setup.insecure}
        </CheckSign>
        {isSecure ? null : <small class="below">{texts.setup.insecureSays}</small>}
      </p>
      <Shown asked={overview}>
        {({ checks }) => (
          <ul class="checks">
            {checks.map((check) => (
              <li key={check.name}>
                <CheckSign isGood={check.isGood}>{check.name}</CheckSign> {check.says}
                {check.fix === null ? null : <small class="below">{check.fix}</small>}
              </li>
            ))}
          </ul>
        )}
      </Shown>
      <Button kind="main" onClick={onNext}>
        {texts.common.next}
      </Button>
    </>
  );
}

/** Docker's own networks, and this machine: whoever comes from there came through something. */
const throughSomething = /^(172\.(1[6-9]|2\d|3[01])\.|127\.|::1$)/;

function OwnAddress({ peer }: { readonly peer: string }): JSX.Element {
  const isProxied = throughSomething.test(peer);
  const isHere = /^(127\.|localhost|\[::1\])/.test(location.hostname);
  return (
    <p>
      {texts.setup.yourAddress}: <code>{peer}</code>{" "}
      {isProxied && !isHere ? (
        <>
          <CheckSign isGood={false}>{texts.setup.proxied}</CheckSign>
          <small class="below">{texts.setup.proxiedSays}</small>
        </>
      ) : (
        <CheckSign isGood>{texts.setup.good}</CheckSign>
      )}
    </p>
  );
}
