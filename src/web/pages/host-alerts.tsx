/** When its owner is told of a host's silence, and what the owner keeps about it. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import type { HostTabProps } from "../host-tab.ts";
import { Button } from "../parts/button.tsx";
import { Area, Choice, Field, textOf } from "../parts/field.tsx";
import { texts } from "../texts.ts";

const hoursOffered = [1, 6, 24, 72, 168, 720];

export function HostAlerts({ host, change }: HostTabProps): JSX.Element {
  const [alertHours, setAlertHours] = useState(host.alertHours);
  const [note, setNote] = useState(host.note);
  const [interfaceId, setInterfaceId] = useState(host.interfaceId ?? "");
  const { name } = host;
  const save = (): Promise<boolean> =>
    change(() =>
      call("PATCH /hosts/{name}", {
        parameters: { name },
        body: { alertHours, note, interfaceId: interfaceId.trim() || null },
      }),
    );
  const offered =
    alertHours === null || alertHours === 0 || hoursOffered.includes(alertHours)
      ? hoursOffered
      : [...hoursOffered, alertHours].sort((one, other) => one - other);
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Choice
        label={texts.host.alert}
        value={alertHours === null ? "" : String(alertHours)}
        onChange={(event) => {
          const value = textOf(event);
          setAlertHours(value === "" ? null : Number(value));
        }}
      >
        <option value="">{texts.host.alertHours.rhythm}</option>
        <option value="0">{texts.host.alertHours.never}</option>
        {offered.map((hours) => (
          <option key={hours} value={hours}>
            {texts.host.alertHours.hours(hours)}
          </option>
        ))}
      </Choice>
      <p class="soft">
        {texts.host.alertChannels} <a href="/account#channels">{texts.menu.account}</a>.
      </p>
      <Area
        label={texts.host.noteLabel}
        says={texts.host.noteSays}
        rows={3}
        maxLength={1_000}
        value={note}
        onInput={(event) => setNote(textOf(event))}
      />
      <Field
        label={`${texts.host.interfaceId} (${texts.common.optional})`}
        says={texts.host.interfaceIdSays}
        spellcheck={false}
        value={interfaceId}
        onInput={(event) => setInterfaceId(textOf(event))}
      />
      <Button kind="main" type="submit">
        {texts.common.save}
      </Button>
    </form>
  );
}
