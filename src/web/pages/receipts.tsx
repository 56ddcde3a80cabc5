/** Receipts as they come: what was asked, what became of it, why, and what to do. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Trouble } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import type { Asked } from "../asked.ts";
import { foldRepeats } from "../fold-repeats.ts";
import { useLive } from "../live.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Shown, TroubleNote } from "../parts/empty.tsx";
import { texts } from "../texts.ts";
import { ReceiptRow } from "./receipt-row.tsx";
import type { Receipt } from "./receipt-row.tsx";

/** What is held of a page that stays open: the oldest fall off. */
const shownMax = 500;

interface ReceiptPage {
  readonly items: Receipt[];
  readonly next: string | null;
}

export interface LiveReceipts {
  readonly asked: Asked<ReceiptPage>;
  readonly isLive: boolean;
  readonly isPaused: boolean;
  /** How many came while it was paused. */
  readonly waiting: number;
  readonly isBusy: boolean;
  readonly trouble: Trouble | undefined;
  pause(): void;
  resume(): void;
  more(after: string): void;
}

/** Newest first; the filter holds for what comes live, too. */
export function useReceipts(q: string): LiveReceipts {
  const asked = useAsked("GET /receipts", { query: { q } });
  const { act, isBusy, trouble } = useAct();
  const [isPaused, setPaused] = useState(false);
  const [waiting, setWaiting] = useState(0);
  const putOnTop = (fresh: readonly Receipt[]): void => {
    const ids = new Set(fresh.map(({ id }) => id));
    asked.put((page) => ({
      ...page,
      items: [...fresh, ...page.items.filter(({ id }) => !ids.has(id))].slice(0, shownMax),
    }));
  };
  const catchUp = async (): Promise<void> =>
    putOnTop((await call("GET /receipts", { query: { q } })).items);
  const isLive = useLive(
    { topics: ["receipts"], q },
    {
      receipt: (told) => {
        if (isPaused) setWaiting((before) => before + 1);
        else putOnTop([told]);
      },
    },
    () => {
      // Where the service does not answer, the word beside the heading says so; the next round asks again.
      if (asked.value === undefined) asked.again();
      else if (!isPaused) catchUp().catch(() => undefined);
    },
  );
  return {
    asked,
    isLive,
    isPaused,
    waiting,
    isBusy,
    trouble,
    pause: () => setPaused(true),
    resume: () => {
      setPaused(false);
      setWaiting(0);
      void act(catchUp);
    },
    more: (after) =>
      void act(async () => {
        const page = await call("GET /receipts", { query: { q, after } });
        asked.put((before) => ({ items: [...before.items, ...page.items], next: page.next }));
      }),
  };
}

/** Whether it is live, asked now and then, or stopped by the person who looks. */
export function LiveSign({ list }: { readonly list: LiveReceipts }): JSX.Element {
  if (list.isPaused) return <span class="state held">‖ {texts.activity.paused}</span>;
  if (!list.isLive) return <span class="soft">{texts.common.polling}</span>;
  return <span class="state current">● {texts.common.live}</span>;
}

export function ReceiptList({
  list,
  showsHost,
  empty,
}: {
  readonly list: LiveReceipts;
  readonly showsHost: boolean;
  readonly empty: JSX.Element;
}): JSX.Element {
  return (
    <Shown asked={list.asked}>
      {({ items, next }) =>
        items.length === 0 ? (
          empty
        ) : (
          <>
            <ol class="receipts" aria-live="off">
              {foldRepeats(items).map((line) => (
                <ReceiptRow key={line.receipt.id} line={line} showsHost={showsHost} />
              ))}
            </ol>
            <TroubleNote trouble={list.trouble} />
            {next === null ? null : (
              <Button isBusy={list.isBusy} onClick={() => list.more(next)}>
                {texts.common.more}
              </Button>
            )}
          </>
        )
      }
    </Shown>
  );
}

/** Of one host. */
export function Receipts({ of }: { readonly of: string }): JSX.Element {
  const list = useReceipts(`host:${of}`);
  return (
    <section>
      <header class="row between">
        <h2>{texts.host.receipts}</h2>
        <LiveSign list={list} />
      </header>
      <ReceiptList
        list={list}
        showsHost={false}
        empty={<Empty title={texts.host.receiptsEmpty} says={texts.host.receiptsEmptySays} />}
      />
    </section>
  );
}
