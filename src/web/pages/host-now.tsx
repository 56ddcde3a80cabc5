/** A host now: its addresses and what may be done with them, what resolvers answer, and what it was heard saying. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import { useAsked } from "../asked.ts";
import type { Host, HostTabProps } from "../host-tab.ts";
import { Button } from "../parts/button.tsx";
import { Value } from "../parts/code.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Shown } from "../parts/empty.tsx";
import { Area, Field, Tick, textOf } from "../parts/field.tsx";
import { Menu } from "../parts/menu.tsx";
import { Moment } from "../parts/moment.tsx";
import { CheckSign } from "../parts/state-sign.tsx";
import { texts } from "../texts.ts";
import { Receipts } from "./receipts.tsx";
import { Timeline } from "./timeline.tsx";

export function HostNow({ host, change }: HostTabProps): JSX.Element {
  return (
    <>
      <Addresses host={host} change={change} />
      <Answers host={host} />
      <Timeline name={host.name} changedAt={host.changedAt} />
      <Receipts key={host.name} of={host.name} />
    </>
  );
}

function Addresses({ host, change }: HostTabProps): JSX.Element {
  const [shown, setShown] = useState<"set" | "hold">();
  const { name } = host;
  const release = (): Promise<boolean> =>
    change(() => call("PUT /hosts/{name}/hold", { parameters: { name }, body: { isHeld: false } }));
  const fix = (isFixed: boolean): Promise<boolean> =>
    change(() => call("PUT /hosts/{name}/fixed", { parameters: { name }, body: { isFixed } }));
  return (
    <section class="card now">
      <dl>
        <AddressOf type="A" address={host.v4} />
        <AddressOf type="AAAA" address={host.v6} />
        <div>
          <dt>{texts.host.changed}</dt>
          <dd>
            <Moment at={host.changedAt} />{" "}
            <span class="soft">{texts.host.ttl(host.ttlSeconds)}</span>
          </dd>
        </div>
      </dl>
      <div class="row">
        <Button onClick={() => setShown("set")}>{texts.host.setByHand}</Button>
        {host.state === "held" ? (
          <Button onClick={() => void release()}>{texts.host.release}</Button>
        ) : (
          <Button onClick={() => setShown("hold")}>{texts.host.hold}</Button>
        )}
        <Menu text={texts.host.more}>
          <Button kind="quiet" onClick={() => void fix(host.state !== "fixed")}>
            {host.state === "fixed" ? texts.host.unfix : texts.host.fix}
          </Button>
        </Menu>
      </div>
      {host.challenges.length === 0 ? null : (
        <div>
          <h3>{texts.host.challenges}</h3>
          {host.challenges.map((value) => (
            <Value key={value} text={value} what={texts.host.challenges} />
          ))}
        </div>
      )}
      {shown === "set" ? (
        <SetByHand host={host} change={change} onClose={() => setShown(undefined)} />
      ) : null}
      {shown === "hold" ? (
        <Hold host={host} change={change} onClose={() => setShown(undefined)} />
      ) : null}
    </section>
  );
}

function AddressOf({
  type,
  address,
}: {
  readonly type: string;
  readonly address: string | null;
}): JSX.Element {
  return (
    <div>
      <dt>{type}</dt>
      <dd>
        {address === null ? (
          <span class="soft">{texts.host.noAddress}</span>
        ) : (
          <Value text={address} what={`${type} ${address}`} />
        )}
      </dd>
    </div>
  );
}

interface HostDialogProps extends HostTabProps {
  readonly onClose: () => void;
}

function SetByHand({ host, change, onClose }: HostDialogProps): JSX.Element {
  const [v4, setV4] = useState(host.v4 ?? "");
  const [v6, setV6] = useState(host.v6 ?? "");
  const [isFixed, setFixed] = useState(host.state === "fixed");
  const { name } = host;
  const set = async (): Promise<Partial<Host>> => {
    const body = { v4: v4.trim() || null, v6: v6.trim() || null };
    const changed = await call("PUT /hosts/{name}/addresses", { parameters: { name }, body });
    if (isFixed === (changed.state === "fixed")) return changed;
    return call("PUT /hosts/{name}/fixed", { parameters: { name }, body: { isFixed } });
  };
  return (
    <Dialog title={texts.host.addressesTitle(host.name)} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change(set).then((isGood) => isGood && onClose());
        }}
      >
        <Field
          label={texts.host.v4}
          inputMode="decimal"
          spellcheck={false}
          value={v4}
          onInput={(event) => setV4(textOf(event))}
        />
        <Field
          label={texts.host.v6}
          says={texts.host.emptyTakesAway}
          spellcheck={false}
          value={v6}
          onInput={(event) => setV6(textOf(event))}
        />
        <Tick label={texts.host.fixToo} isOn={isFixed} put={setFixed} />
        <Button kind="main" type="submit">
          {texts.common.save}
        </Button>
      </form>
    </Dialog>
  );
}

function Hold({ host, change, onClose }: HostDialogProps): JSX.Element {
  const [why, setWhy] = useState("");
  const { name } = host;
  const body = { isHeld: true, ...(why === "" ? {} : { why }) };
  return (
    <Dialog title={texts.host.holdTitle(name)} onClose={onClose}>
      <p>{texts.host.holdSays}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const hold = () => call("PUT /hosts/{name}/hold", { parameters: { name }, body });
          void change(hold).then((isGood) => isGood && onClose());
        }}
      >
        <Area
          label={`${texts.host.holdWhy} (${texts.common.optional})`}
          rows={2}
          maxLength={500}
          value={why}
          onInput={(event) => setWhy(textOf(event))}
        />
        <Button kind="main" type="submit">
          {texts.host.hold}
        </Button>
      </form>
    </Dialog>
  );
}

const answersEveryMs = 20_000;

/** Asks resolvers only while the page is open, and again when the address is another. */
function Answers({ host }: { readonly host: Host }): JSX.Element {
  const asked = useAsked(
    "GET /hosts/{name}/answers",
    { parameters: { name: host.name } },
    answersEveryMs,
  );
  return (
    <section>
      <h2>{texts.host.answers}</h2>
      <Shown asked={asked}>
        {({ items }) => (
          <ul class="answers">
            {items.map((answer) => (
              <li key={answer.server}>
                <CheckSign isGood={answer.isCurrent}>{answer.server}</CheckSign>{" "}
                <code>{[answer.v4, answer.v6].filter(Boolean).join(" ")}</code>{" "}
                {answer.isCurrent ? null : (
                  <span class="soft">
                    {answer.fault ?? texts.host.answersOld(answer.ttlSeconds)}
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </section>
  );
}
