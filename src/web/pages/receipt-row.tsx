/** One receipt: what was asked and what became of it in a line, which opens to all that is known. */

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Reply } from "../api.ts";
import type { Folded } from "../fold-repeats.ts";
import { Moment } from "../parts/moment.tsx";
import { searchHref } from "../parts/search-box.tsx";
import { texts } from "../texts.ts";
import { printExact } from "../time.ts";

export type Receipt = Reply<"GET /receipts">["items"][number];

/** Outcomes after which the name points where the device wants it. */
const goodOutcomes: ReadonlySet<string> = new Set(["changed", "unchanged", "good", "nochg"]);

export function isGoodOutcome(outcome: string): boolean {
  return goodOutcomes.has(outcome);
}

export function ReceiptRow({
  line,
  showsHost,
}: {
  readonly line: Folded<Receipt>;
  readonly showsHost: boolean;
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const { receipt, times } = line;
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
          {times > 1 ? (
            <b>
              {texts.host.repeats(times)} <Moment at={line.since} as="clock" />
            </b>
          ) : null}
          <span class="receipt-reason">{receipt.reason}</span>
          {receipt.remedy === null ? null : <span class="remedy">{receipt.remedy}</span>}
        </summary>
        {isOpen ? <ReceiptDetail receipt={receipt} /> : null}
      </details>
    </li>
  );
}

function ReceiptDetail({ receipt }: { readonly receipt: Receipt }): JSX.Element {
  const { host, username, peer, adapter } = receipt;
  return (
    <dl class="detail">
      <Detail title={texts.activity.at}>{`${printExact(receipt.at)} (${receipt.at})`}</Detail>
      {host === null ? null : (
        <Detail title={texts.activity.host}>
          <a href={`/hosts/${encodeURIComponent(host)}`}>{host}</a>
        </Detail>
      )}
      <Detail title={texts.host.asked}>{receipt.asked}</Detail>
      {username === null ? null : (
        <Detail title={texts.host.username}>
          <Alike filter="login" text={username} />
        </Detail>
      )}
      <Detail title={texts.host.peer}>
        <Alike filter="peer" text={peer} />
      </Detail>
      <Detail title={texts.host.adapter}>
        <Alike filter="adapter" text={adapter} />
      </Detail>
      <Detail title={texts.host.userAgent}>{receipt.userAgent}</Detail>
      <Detail title={texts.host.note}>{receipt.note}</Detail>
    </dl>
  );
}

function Detail({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element | null {
  if (children === "") return null;
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Leads to all receipts with the same. A blank ends the value of a filter: what has one is shown and leads nowhere. */
function Alike({ filter, text }: { readonly filter: string; readonly text: string }): JSX.Element {
  if (text === "" || /\s/.test(text)) return <>{text}</>;
  return <a href={searchHref("/activity", `${filter}:${text}`)}>{text}</a>;
}
