/** What was told through a channel, newest first, and what became of it; each can be sent again. */

import type { JSX } from "preact";
import { call } from "../api.ts";
import { useAct } from "../asked.ts";
import { useKeyset } from "../keyset.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { ListFoot } from "../parts/list-foot.tsx";
import { Moment } from "../parts/moment.tsx";
import { Table } from "../parts/table.tsx";
import { texts } from "../texts.ts";

const words = texts.channels;

export function Deliveries({
  channel,
  changed,
}: {
  readonly channel: string;
  readonly changed: () => Promise<void>;
}): JSX.Element {
  // There is nothing to search for: what the list is asked with is where it goes on.
  const list = useKeyset("GET /channels/{id}/deliveries", "", { id: channel }, "after");
  const { act, isBusy, trouble } = useAct();
  const resend = async (delivery: string): Promise<void> => {
    const parameters = { id: channel, delivery };
    await call("POST /channels/{id}/deliveries/{delivery}/again", { parameters, body: {} });
    list.again();
    await changed();
  };
  return (
    <>
      <TroubleNote trouble={trouble ?? list.trouble} />
      <Table
        label={words.deliveries}
        rows={list.rows ?? []}
        keyOf={({ id }) => id}
        columns={[
          { title: words.event, cell: ({ event }) => words.events[event] },
          { title: words.at, cell: ({ at }) => <Moment at={at} /> },
          {
            title: words.result,
            cell: ({ isGood, says, tries }) =>
              `${isGood ? words.arrived : words.failed} ${says} ${words.tries(tries)}`,
          },
          {
            title: words.act,
            cell: ({ id }) => (
              <Button
                kind="quiet"
                isBusy={isBusy}
                aria-label={words.againThis(id)}
                onClick={() => void act(() => resend(id))}
              >
                {words.again}
              </Button>
            ),
          },
        ]}
      />
      <ListFoot list={list} shown={words.shown} />
    </>
  );
}
