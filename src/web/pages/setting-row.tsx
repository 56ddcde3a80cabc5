/** One setting: edited in place where it may change while the service runs, and otherwise told where it is set. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Trouble } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Choice, Field, textOf } from "../parts/field.tsx";
import { toast } from "../parts/toast.tsx";
import type { PutSettings, Setting } from "../settings.ts";
import { texts } from "../texts.ts";

const words = texts.settings;

interface RowProps {
  readonly setting: Setting;
  readonly put: PutSettings;
}

export function SettingRow({ setting, put }: RowProps): JSX.Element {
  const { doc, canChange, group } = setting;
  const isElsewhere = group === "brand" || group === "mail-texts";
  if (canChange && !isElsewhere) {
    return (
      <div class="setting" id={setting.name}>
        <Editor setting={setting} put={put} />
        <Origin setting={setting} />
      </div>
    );
  }
  return (
    <div class="setting locked" id={setting.name}>
      <div>
        <h3>{setting.name}</h3>
        <p>{doc}</p>
      </div>
      <div>
        <Value setting={setting} />
        <Origin setting={setting} />
      </div>
    </div>
  );
}

function Value({ setting: { value, isSecret } }: { readonly setting: Setting }): JSX.Element {
  if (value === "") return <p class="soft">{words.empty}</p>;
  if (isSecret) return <p class="soft">{words.secret}</p>;
  return (
    <p>
      <code>{value}</code>
    </p>
  );
}

function Origin({ setting }: { readonly setting: Setting }): JSX.Element {
  const { origin, place, canChange, group } = setting;
  const from = words.origins[origin];
  return (
    <small>
      {words.origin} {place === null ? from : words.at(from, place)}.{" "}
      {canChange || place === null ? null : words.locked}
      {canChange && (group === "brand" || group === "mail-texts") ? (
        <a href="/admin/brand">{texts.brand.menu}</a>
      ) : null}
    </small>
  );
}

/** A change of one setting, and what the API says against it. */
function useChange(
  name: string,
  put: PutSettings,
): {
  readonly isBusy: boolean;
  readonly trouble: Trouble | undefined;
  change(value: string | null): void;
} {
  const { act, isBusy, trouble } = useAct();
  const change = (value: string | null): void =>
    void act(async () => {
      put(await call("PATCH /settings", { body: { [name]: value } }));
      toast(words.saved(name));
    });
  return { isBusy, trouble, change };
}

function Editor({ setting, put }: RowProps): JSX.Element {
  const { name, doc, wants, value, kind, choices, origin, fallback } = setting;
  const [text, setText] = useState(value);
  const { isBusy, trouble, change } = useChange(name, put);
  useEffect(() => setText(value), [value]);
  const fault = trouble?.faultAt(`/${name}`);
  const shared = { label: name, fault, value: text };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change(text);
      }}
    >
      {kind === "choice" ? (
        <Choice {...shared} says={doc} onChange={(event) => setText(textOf(event))}>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {nameOf(choice)}
            </option>
          ))}
        </Choice>
      ) : (
        <Field
          {...shared}
          says={`${doc} ${words.wanted(wants)}`}
          {...(kind === "number" ? { inputMode: "numeric" as const } : {})}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setText(textOf(event))}
        />
      )}
      {fault === undefined ? <TroubleNote trouble={trouble} /> : null}
      <div class="row">
        <Button
          type="submit"
          isBusy={isBusy}
          disabled={text === value}
          aria-label={saveLabel(name)}
        >
          {texts.common.save}
        </Button>
        {origin === "database" ? (
          <Button kind="quiet" isBusy={isBusy} onClick={() => change(null)}>
            {words.toDefault(fallback)}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

/** Many buttons of a page say "Save". */
function saveLabel(name: string): string {
  return `${texts.common.save} ${name}`;
}

function nameOf(choice: string): string {
  const known: Readonly<Record<string, string>> = words.choices;
  return known[choice] ?? choice;
}
