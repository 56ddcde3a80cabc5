/** Where the account is signed in, and how to end that. */

import type { JSX } from "preact";
import type { CardProps } from "../account.ts";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct } from "../asked.ts";
import type { Asked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { Table } from "../parts/table.tsx";
import { texts } from "../texts.ts";

const words = texts.account;
type SessionsReply = Reply<"GET /account/sessions">;

export function Sessions({
  sessions,
  changed,
}: CardProps & { readonly sessions: Asked<SessionsReply> }): JSX.Element {
  const { act, isBusy, trouble } = useAct();
  const end = (id: string): Promise<boolean> =>
    act(async () => {
      await call("DELETE /account/sessions/{id}", { parameters: { id } });
      await changed();
    });
  const endOthers = (): Promise<boolean> =>
    act(async () => {
      await call("DELETE /account/sessions", {});
      await changed();
    });
  return (
    <section class="card">
      <h2>{words.sessions}</h2>
      <TroubleNote trouble={trouble} />
      <Shown asked={sessions}>
        {({ items }) => (
          <>
            <Table
              label={words.sessions}
              rows={items}
              keyOf={({ id }) => id}
              columns={[
                { title: words.peer, cell: ({ peer }) => <code>{peer}</code> },
                { title: words.seen, cell: ({ seenAt }) => <Moment at={seenAt} /> },
                { title: words.since, cell: ({ createdAt }) => <Moment at={createdAt} /> },
                {
                  title: words.browser,
                  cell: ({ userAgent }) => userAgent,
                  isRare: true,
                },
                {
                  title: "",
                  cell: ({ id, isThis, peer }) =>
                    isThis ? (
                      <b>{words.here}</b>
                    ) : (
                      <Button
                        kind="quiet"
                        isBusy={isBusy}
                        aria-label={words.endThis(peer)}
                        onClick={() => void end(id)}
                      >
                        {words.end}
                      </Button>
                    ),
                },
              ]}
            />
            {items.length < 2 ? null : (
              <Button isBusy={isBusy} onClick={() => void endOthers()}>
                {words.endOthers}
              </Button>
            )}
          </>
        )}
      </Shown>
    </section>
  );
}
