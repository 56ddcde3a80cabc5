/** Listening: every request that may be meant for a host, as it arrives, with the cause and the remedy where it failed. */

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import type { EventOf } from "../../api/contract.ts";
import { useAct, useAsked } from "../asked.ts";
import { useLive } from "../live.ts";
import { Button } from "../parts/button.tsx";
import { Code } from "../parts/code.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { Moment, useNow } from "../parts/moment.tsx";
import { texts } from "../texts.ts";
import { isGoodOutcome } from "./receipt-row.tsx";

type Heard = Omit<EventOf<"request">, "by"> & { readonly by: EventOf<"request">["by"] | "test" };

const heardMax = 50;
/** After so long without a request the page offers what else may be wrong. */
const longMs = 30_000;

export function Listening({
  name,
  login,
  onGood,
}: {
  readonly name: string;
  readonly login?: { readonly username: string; readonly password: string };
  readonly onGood?: () => void;
}): JSX.Element {
  const asked = useAsked("POST /hosts/{name}/listen", { parameters: { name }, body: {} });
  const [heard, setHeard] = useState<readonly Heard[]>([]);
  const [since] = useState(Date.now());
  const hear = (one: Heard): void => {
    setHeard((before) =>
      before.some((other) => other.at === one.at && other.shape === one.shape)
        ? before
        : [one, ...before].slice(0, heardMax),
    );
    if (one.isGood) onGood?.();
  };
  const rounds = useRef(0);
  const poll = async (): Promise<void> => {
    // A ticket ends: after a longer break of the stream the page asks for another.
    if (++rounds.current % 3 === 0) asked.again();
    const { items } = await call("GET /receipts", { query: { q: `host:${name}`, limit: 20 } });
    for (const receipt of items.toReversed())
      if (Date.parse(receipt.at) >= since) hear(heardOf(receipt, "host"));
  };
  const ticket = asked.value?.ticket;
  useLive(ticket === undefined ? undefined : { ticket }, { request: hear }, () => {
    poll().catch(() => undefined); // the note above the list says why the service does not answer
  });
  return (
    <section class="listening card" aria-label={texts.listening.title}>
      <Shown asked={asked}>{() => <HeardList heard={heard} />}</Shown>
      <TestUpdate
        name={name}
        deviceUrl={asked.value?.deviceUrl}
        onSent={hear}
        {...(login === undefined ? {} : { login })}
      />
    </section>
  );
}

/** What a receipt says, in the words of an event. */
function heardOf(receipt: Reply<"POST /hosts/{name}/test">, by: Heard["by"]): Heard {
  const { at, adapter, addresses, outcome, reason, remedy, asked: shape } = receipt;
  const isGood = isGoodOutcome(outcome);
  return {
    at,
    adapter,
    addresses,
    outcome,
    reason,
    remedy,
    isGood,
    shape,
    by,
    servedAfterMs: null,
  };
}

function HeardList({ heard }: { readonly heard: readonly Heard[] }): JSX.Element {
  const [since] = useState(Date.now());
  const isLong = useNow() - since > longMs;
  const last = heard[0];
  return (
    <div aria-live="polite">
      {last?.isGood === true ? (
        <p class="success">
          <span aria-hidden="true">✓ </span>
          {last.servedAfterMs === null
            ? texts.listening.good
            : texts.listening.goodIn((last.servedAfterMs / 1_000).toFixed(1))}
        </p>
      ) : (
        <h2 class="pulse">{texts.listening.title}</h2>
      )}
      {last === undefined ? <p>{texts.listening.nothing}</p> : null}
      {last === undefined && isLong ? (
        <details>
          <summary>{texts.listening.longer}</summary>
          <ul>
            {texts.listening.tree.map((branch) => (
              <li key={branch}>{branch}</li>
            ))}
          </ul>
        </details>
      ) : null}
      <ol class="receipts">
        {heard.map((one, at) => (
          <HeardRow key={`${one.at} ${heard.length - at}`} one={one} />
        ))}
      </ol>
    </div>
  );
}

function HeardRow({ one }: { readonly one: Heard }): JSX.Element {
  return (
    <li class={one.isGood ? "receipt" : "receipt refused"}>
      <p>
        <Moment at={one.at} as="clock" />{" "}
        <b class={one.isGood ? "state current" : "state silent"}>
          <span aria-hidden="true">{one.isGood ? "✓" : "✗"}</span> {one.outcome}
        </b>{" "}
        {one.addresses.map((address) => (
          <code key={address}>{address} </code>
        ))}
      </p>
      <p class="receipt-reason">{one.reason}</p>
      {one.remedy === null ? null : <p class="remedy">{one.remedy}</p>}
      <p class="soft">
        <code>{one.shape}</code> {texts.listening.by[one.by]}
      </p>
    </li>
  );
}

function TestUpdate({
  name,
  deviceUrl,
  login,
  onSent,
}: {
  readonly name: string;
  readonly deviceUrl: string | undefined;
  readonly login?: { readonly username: string; readonly password: string };
  readonly onSent: (one: Heard) => void;
}): JSX.Element {
  const { act, isBusy, trouble } = useAct();
  const send = (): Promise<boolean> =>
    act(async () => {
      const receipt = await call("POST /hosts/{name}/test", { parameters: { name }, body: {} });
      onSent(heardOf(receipt, "test"));
    });
  return (
    <footer class="test-update">
      <TroubleNote trouble={trouble} />
      <Button isBusy={isBusy} onClick={() => void send()}>
        {texts.listening.test}
      </Button>
      <small>{texts.listening.testSays}</small>
      {login === undefined || deviceUrl === undefined ? null : (
        <>
          <small>{texts.listening.curl}</small>
          <Code text={curlLine(deviceUrl, name, login)} what="curl" />
        </>
      )}
    </footer>
  );
}

function curlLine(
  deviceUrl: string,
  name: string,
  { username, password }: { readonly username: string; readonly password: string },
): string {
  return `curl -u ${quote(`${username}:${password}`)} '${deviceUrl}/nic/update?hostname=${name}'`;
}

/** One word for a shell, whatever stands in it: a password may be of one's own. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
