/** Taking along all that is kept, and leaving; for a time that can be taken back. */

import type { JSX } from "preact";
import { useSignedIn } from "../account.ts";
import type { CardProps } from "../account.ts";
import { call } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { useSure } from "../parts/sure.tsx";
import { saveFile } from "../save-file.ts";
import { texts } from "../texts.ts";
import { printExact } from "../time.ts";

const words = texts.account;

export function Leave({ changed }: CardProps): JSX.Element {
  const { account } = useSignedIn();
  const { act, isBusy, trouble } = useAct();
  const { asked, ask } = useSure();
  const takeAlong = async (): Promise<void> => {
    const all: unknown = await call("GET /account/export", {});
    saveFile(`account-${account.name}.json`, "application/json", JSON.stringify(all, null, 2));
    await changed();
  };
  const leave = (): void =>
    ask({
      title: words.deleteTitle(account.name),
      says: words.deleteSays(account.used.hosts, account.used.logins, account.used.tokens),
      act: words.deleteDo,
      typed: { label: words.deleteType(account.name), text: account.name },
      run: async () => {
        await call("DELETE /account", {});
        await changed();
      },
    });
  return (
    <section class="card">
      <h2>{words.leave}</h2>
      <p>{words.exportSays}</p>
      <TroubleNote trouble={trouble} />
      <div class="row">
        <Button isBusy={isBusy} onClick={() => void act(takeAlong)}>
          {words.export}
        </Button>
        {account.deletesAt === null ? (
          <Button kind="danger" onClick={leave}>
            {words.delete}
          </Button>
        ) : null}
      </div>
      {asked}
    </section>
  );
}

/** On top of the page while the account is about to go. */
export function Leaving({ changed }: CardProps): JSX.Element | null {
  const { account } = useSignedIn();
  const { act, isBusy, trouble } = useAct();
  if (account.deletesAt === null) return null;
  const keep = async (): Promise<void> => {
    await call("POST /account/keep", { body: {} });
    await changed();
  };
  return (
    <section class="trouble" role="status">
      <p>
        <strong>{words.leaving(printExact(account.deletesAt))}</strong> {words.leavingSays}
      </p>
      <TroubleNote trouble={trouble} />
      <Button kind="main" isBusy={isBusy} onClick={() => void act(keep)}>
        {words.keep}
      </Button>
    </section>
  );
}
