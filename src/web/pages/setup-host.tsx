/** Step four: a first host, its device, and listening until it is green. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAct, useAsked } from "../asked.ts";
import type { Host } from "../host-tab.ts";
import { Button } from "../parts/button.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { texts } from "../texts.ts";
import { GuideWithListening } from "./guide.tsx";
import { NewHostForm } from "./new-host.tsx";

export function HostStep({ onDone }: { readonly onDone: (host: string) => void }): JSX.Element {
  const [name, setName] = useState<string>();
  if (name !== undefined) return <FirstHost name={name} onDone={onDone} />;
  return (
    <>
      <p>{texts.setup.host}</p>
      <NewHostForm submit={texts.setup.hostMake} onMade={setName} />
    </>
  );
}

function FirstHost({
  name,
  onDone,
}: {
  readonly name: string;
  readonly onDone: (host: string) => void;
}): JSX.Element {
  const asked = useAsked("GET /hosts/{name}", { parameters: { name } });
  const { act, trouble } = useAct();
  const change = (what: () => Promise<Partial<Host>>): Promise<boolean> =>
    act(async () => {
      const changed = await what();
      asked.put((before) => ({ ...before, ...changed }));
    });
  return (
    <Shown asked={asked}>
      {(host) => (
        <>
          <p>
            <b>{host.name}</b>
          </p>
          <TroubleNote trouble={trouble} />
          <GuideWithListening host={host} change={change} />
          <Button kind="main" onClick={() => onDone(name)}>
            {texts.setup.done}
          </Button>
        </>
      )}
    </Shown>
  );
}
