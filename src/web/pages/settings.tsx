/** Every setting: what it does, what it is, where that comes from, and the way to change what may change while the service runs. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Shown, TroubleNote } from "../parts/empty.tsx";
import { SearchBox } from "../parts/search-box.tsx";
import { CheckSign } from "../parts/state-sign.tsx";
import { go, usePlace } from "../place.ts";
import type { PutSettings, Setting } from "../settings.ts";
import { texts } from "../texts.ts";
import { SettingRow } from "./setting-row.tsx";

const words = texts.settings;
const path = "/admin/settings";
type Group = Setting["group"];
const groups = Object.keys(words.groups) as readonly Group[];
/** What the brand page is for; here it is found by a search alone. */
const ofBrand: ReadonlySet<Group> = new Set(["brand", "mail-texts"]);

export function SettingsPage(): JSX.Element {
  const { query } = usePlace();
  const q = query.get("q") ?? "";
  const asked = useAsked("GET /settings", {});
  return (
    <>
      <header class="page-head">
        <h1>{words.menu}</h1>
        <SearchBox label={words.search} hint={words.noneSays} path={path} q={q} />
      </header>
      <Shown asked={asked}>
        {({ items }) => (
          <Groups items={items.filter((setting) => isFound(setting, q))} q={q} put={asked.put} />
        )}
      </Shown>
    </>
  );
}

function isFound({ name, doc, value, group }: Setting, q: string): boolean {
  if (q === "") return !ofBrand.has(group);
  const text = `${name} ${doc} ${value} ${words.groups[group]}`.toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Groups({
  items,
  q,
  put,
}: {
  readonly items: readonly Setting[];
  readonly q: string;
  readonly put: (change: () => Reply<"GET /settings">) => void;
}): JSX.Element {
  const onChanged: PutSettings = (reply) => put(() => reply);
  if (items.length === 0) {
    return (
      <Empty title={words.none} says={words.noneSays}>
        <Button onClick={() => go(path)}>{words.all}</Button>
      </Empty>
    );
  }
  return (
    <>
      {q === "" ? (
        <>
          <p>
            {words.says} {words.onBrand} <a href="/admin/brand">{texts.brand.menu}</a>
          </p>
          <nav class="counts" aria-label={words.menu}>
            {groups
              .filter((group) => items.some((setting) => setting.group === group))
              .map((group) => (
                <a key={group} href={`#group-${group}`}>
                  {words.groups[group]}
                </a>
              ))}
          </nav>
        </>
      ) : null}
      {groups.map((group) => {
        const own = items.filter((setting) => setting.group === group);
        if (own.length === 0) return null;
        return (
          <section key={group} class="card settings" id={`group-${group}`}>
            <h2>{words.groups[group]}</h2>
            {group === "mail" ? <TestMail /> : null}
            {own.map((setting) => (
              <SettingRow key={setting.name} setting={setting} put={onChanged} />
            ))}
          </section>
        );
      })}
    </>
  );
}

function TestMail(): JSX.Element {
  const [result, setResult] = useState<Reply<"POST /settings/test-mail">>();
  const { act, isBusy, trouble } = useAct();
  const send = async (): Promise<void> => {
    setResult(undefined);
    setResult(await call("POST /settings/test-mail", { body: {} }));
  };
  return (
    <div class="setting">
      <div class="row">
        <Button isBusy={isBusy} onClick={() => void act(send)}>
          {words.testMail}
        </Button>
        <span role="status">
          {result === undefined ? (
            <small>{words.testMailSays}</small>
          ) : (
            <CheckSign isGood={result.isGood}>{result.says}</CheckSign>
          )}
        </span>
      </div>
      <TroubleNote trouble={trouble} />
    </div>
  );
}
