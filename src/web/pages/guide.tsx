/** One guide: what to enter on the device, in the order of its own screen; beside it what arrives while it is done. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import type { HostTabProps } from "../host-tab.ts";
import { Button } from "../parts/button.tsx";
import { Code, Value } from "../parts/code.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { searchHref } from "../parts/search-box.tsx";
import { texts } from "../texts.ts";
import { printDate } from "../time.ts";
import { GuidePicker } from "./guide-picker.tsx";
import { Listening } from "./listening.tsx";

type GuideReply = Reply<"GET /guides/{id}">;

/** A device login that was just made: its password is in no other place. */
interface NewLogin {
  readonly username: string;
  readonly password: string;
}

export function GuideWithListening({ host, change }: HostTabProps): JSX.Element {
  const [login, setLogin] = useState<NewLogin>();
  const choose = (guide: string | null): void => {
    void change(() =>
      call("PATCH /hosts/{name}", { parameters: { name: host.name }, body: { guide } }),
    );
  };
  return (
    <div class="guide-page">
      <div class="guide-column">
        <LoginMaker host={host.name} login={login} onMade={setLogin} />
        {host.guide === null ? (
          <>
            <h2>{texts.guide.pick}</h2>
            <GuidePicker onPick={choose} />
          </>
        ) : (
          <>
            <Guide id={host.guide} host={host.name} {...(login === undefined ? {} : { login })} />
            <Button kind="quiet" onClick={() => choose(null)}>
              {texts.guide.another}
            </Button>
          </>
        )}
      </div>
      <Listening name={host.name} {...(login === undefined ? {} : { login })} />
    </div>
  );
}

function LoginMaker({
  host,
  login,
  onMade,
}: {
  readonly host: string;
  readonly login: NewLogin | undefined;
  readonly onMade: (login: NewLogin) => void;
}): JSX.Element {
  const { act, isBusy, trouble } = useAct();
  if (login !== undefined) {
    return (
      <section class="card shown-once">
        <p>
          <b>{texts.guide.loginShown}</b>
        </p>
        <dl class="fields">
          <FieldRow label={texts.guide.username} value={login.username} note={null} />
          <FieldRow label={texts.guide.password} value={login.password} note={null} />
        </dl>
      </section>
    );
  }
  const make = (): Promise<boolean> =>
    act(async () => {
      const made = await call("POST /logins", { body: { hosts: [host], defaultHost: host } });
      onMade({ username: made.login.username, password: made.password });
    });
  return (
    <section class="card">
      <p>{texts.guide.passwordSays}</p>
      <TroubleNote trouble={trouble} />
      <Button kind="main" isBusy={isBusy} onClick={() => void make()}>
        {texts.guide.makeLogin}
      </Button>
      <a href={searchHref("/logins", host)}>{texts.guide.itsLogins}</a>
    </section>
  );
}

export function Guide({
  id,
  host,
  login,
}: {
  readonly id: string;
  readonly host?: string;
  readonly login?: NewLogin;
}): JSX.Element {
  const asked = useAsked("GET /guides/{id}", {
    parameters: { id },
    query: { host, username: login?.username },
  });
  return <Shown asked={asked}>{(guide) => <GuideText guide={guide} login={login} />}</Shown>;
}

function GuideText({
  guide,
  login,
}: {
  readonly guide: GuideReply;
  readonly login: NewLogin | undefined;
}): JSX.Element {
  return (
    <article class="guide">
      <header>
        <h2>{guide.name}</h2>
        {guide.kind === "decision" ? null : (
          <p class="soft">
            {`${texts.guide.firmware} ${guide.firmware}, `}
            {guide.verified === null
              ? texts.guide.unverified
              : texts.guide.verified(printDate(guide.verified))}
          </p>
        )}
      </header>
      {guide.warnings.map((warning) => (
        <p class="warning" key={warning}>
          {warning}
        </p>
      ))}
      {guide.menu === "" ? null : (
        <p>
          <b>{texts.guide.menu}:</b> {guide.menu}
        </p>
      )}
      {guide.text === null ? null : (
        <Code text={withPassword(guide.text, login)} what={guide.menu} />
      )}
      {guide.steps.length === 0 ? null : (
        <ol>
          {guide.steps.map((step) => (
            <li key={step.question}>
              <b>{step.question}</b> {step.advice}
            </li>
          ))}
        </ol>
      )}
      {guide.fields.length === 0 ? null : <h3>{texts.guide.fields}</h3>}
      <dl class="fields">
        {guide.fields.map((field) => (
          <FieldRow
            key={field.label}
            label={field.label}
            value={withPassword(field.value, login)}
            note={field.note}
          />
        ))}
      </dl>
      {guide.quirks.length === 0 ? null : <h3>{texts.guide.quirks}</h3>}
      {guide.quirks.length === 0 ? null : (
        <ul>
          {guide.quirks.map((quirk) => (
            <li key={quirk}>{quirk}</li>
          ))}
        </ul>
      )}
      <details>
        <summary>{texts.guide.qr}</summary>
        <QrCode text={location.href} label={texts.guide.qr} />
      </details>
      <Button kind="quiet" onClick={() => print()}>
        {texts.guide.print}
      </Button>
    </article>
  );
}

/** Templates have this word where the password belongs: `src/guides/fill-guide.ts`. */
function withPassword(text: string, login: NewLogin | undefined): string {
  return login === undefined ? text : text.replaceAll("YOUR-PASSWORD", login.password);
}

function FieldRow({
  label,
  value,
  note,
}: {
  readonly label: string;
  readonly value: string;
  readonly note: string | null;
}): JSX.Element {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Value text={value} what={label} />
        {note === null ? null : <small>{note}</small>}
      </dd>
    </div>
  );
}
