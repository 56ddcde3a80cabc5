/** Receipts as they come: what was asked, what became of it, why, and what to do. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { useLive } from "../live.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Shown, TroubleNote } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { texts } from "../texts.ts";

type Receipt = Reply<"GET /receipts">["items"][number];

/** What is held of a page that stays open: the oldest fall off. */
const shownMax = 500;

export function Receipts({
  q,
  of,
}: {
  readonly q: string;
  /** Only this host's are put in as they happen; undefined: all of the caller's. */
  readonly of?: string;
}): JSX.Element {
  const asked = useAsked("GET /receipts", { query: { q } });
  const { act, isBusy, trouble } = useAct();
  const isLive = useLive(
    { topics: ["receipts"] },
    {
      receipt: (told) => {
        if (of !== undefined && told.host !== of) return;
        asked.put((page) => ({
          ...page,
          items: [told, ...page.items.filter((item) => item.id !== told.id)].slice(0, shownMax),
        }));
      },
    },
    asked.again,
  );
  const more = (after: string): Promise<boolean> =>
    act(async () => {
      const page = await call("GET /receipts", { query: { q, after } });
      asked.put((before) => ({ items: [...before.items, ...page.items], next: page.next }));
    });
  return (
    <section>
      <header class="row between">
        <h2>{texts.host.receipts}</h2>
        <span class={isLive ? "state current" : "soft"}>
          {isLive ? `● ${texts.common.live}` : texts.common.polling}
        </span>
      </header>
      <Shown asked={asked}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty title={texts.host.receiptsEmpty} says={texts.host.receiptsEmptySays} />
          ) : (
            <>
              <ol class="receipts" aria-live="off">
                {items.map((receipt) => (
                  <ReceiptRow key={receipt.id} receipt={receipt} showsHost={of === undefined} />
                ))}
              </ol>
              <TroubleNote trouble={trouble} />
              {next === null ? null : (
                <Button isBusy={isBusy} onClick={() => void more(next)}>
                  {texts.common.more}
                </Button>
              )}
            </>
          )
        }
      </Shown>
    </section>
  );
}

/** Outcomes after which the name points where the device wants it. */
const goodOutcomes: ReadonlySet<string> = new Set(["changed", "unchanged", "good", "nochg"]);

export function isGoodOutcome(outcome: string): boolean {
  return goodOutcomes.has(outcome);
}

function ReceiptRow({
  receipt,
  showsHost,
}: {
  readonly receipt: Receipt;
  readonly showsHost: boolean;
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const isGood = isGoodOutcome(receipt.outcome);
  return (
    <li class={isGood ? "receipt" : "receipt refused"}>
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Moment at={receipt.at} as="clock" />{" "}
          <b class={isGood ? "state current" : "state silent"}>
            <span aria-hidden="true">{isGood ? "✓" : "✗"}</span> {receipt.outcome}
          </b>{" "}
          {showsHost ? <span>{receipt.host ?? receipt.asked}</span> : null}{" "}
          {receipt.addresses.map((address) => (
            <code key={address}>{address} </code>
          ))}
          {receipt.repeats > 0 ? <b>{texts.host.repeats(receipt.repeats)}</b> : null}
          <span class="receipt-reason">{receipt.reason}</span>
          {receipt.remedy === null ? null : <span class="remedy">{receipt.remedy}</span>}
        </summary>
        {isOpen ? <ReceiptDetail receipt={receipt} /> : null}
      </details>
    </li>
  );
}

function ReceiptDetail({ receipt }: { readonly receipt: Receipt }): JSX.Element {
  const rows: readonly (readonly [string, string | null])[] = [
    [texts.host.asked, receipt.asked],
    [texts.host.username, receipt.username],
    [texts.host.peer, receipt.peer],
    [texts.host.adapter, receipt.adapter],
    [texts.host.userAgent, receipt.userAgent],
    [texts.host.note, receipt.note],
  ];
  return (
    <dl class="detail">
      {rows.map(([name, value]) =>
        value === null || value === "" ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
