/** Where the pages begin: greets the service, and shows what the person came for. */

import { render } from "preact";
import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { call, troubleOf, useSession } from "./api.ts";
import type { Reply, Trouble } from "./api.ts";
import { applyBrand } from "./brand.ts";
import { EntryPage } from "./pages/entry.tsx";
import { SetupPage } from "./pages/setup.tsx";
import { TroubleNote } from "./parts/empty.tsx";
import { Toasts } from "./parts/toast.tsx";
import { StepUp } from "./parts/step-up.tsx";
import { followLinks, takeFragment } from "./place.ts";
import { Shell } from "./shell.tsx";

const fragment = takeFragment();

function Dashboard(): JSX.Element | null {
  const [greeting, setGreeting] = useState<Reply<"GET /greeting">>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [linkIs, setLinkIs] = useState(fragment);
  const greet = useCallback(async (): Promise<void> => {
    try {
      const reply = await call("GET /greeting", {});
      useSession({ csrf: reply.csrf, lost: () => void greet() });
      applyBrand(reply.brand);
      setGreeting(reply);
      setTrouble(undefined);
    } catch (error) {
      setTrouble(troubleOf(error));
    }
  }, []);
  useEffect(() => void greet(), [greet]);
  if (trouble !== undefined) {
    return (
      <main class="entry">
        <TroubleNote trouble={trouble} again={() => void greet()} />
      </main>
    );
  }
  if (greeting === undefined) return null;
  const endLink = async (): Promise<void> => {
    await greet();
    setLinkIs(undefined);
  };
  const isSettingUp = greeting.state === "setup" || linkIs?.kind === "setup";
  if (isSettingUp && (greeting.account === null || linkIs?.kind === "setup"))
    return <SetupPage greeting={greeting} token={linkIs?.token} greet={greet} onDone={endLink} />;
  if (greeting.account === null || linkIs !== undefined)
    return <EntryPage greeting={greeting} linkIs={linkIs} onIn={endLink} />;
  return <Shell greeting={greeting} account={greeting.account} greet={greet} />;
}

function Everything(): JSX.Element {
  return (
    <>
      <Dashboard />
      <StepUp />
      <Toasts />
    </>
  );
}

followLinks();
render(<Everything />, document.body);
