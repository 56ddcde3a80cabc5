/** Guides for devices: found by the words on the box, and read for a host of the person's choice. */

import type { JSX } from "preact";
import { useAsked } from "../asked.ts";
import type { PageProps } from "../page-props.ts";
import { Choice, textOf } from "../parts/field.tsx";
import { go, usePlace } from "../place.ts";
import { texts } from "../texts.ts";
import { Guide } from "./guide.tsx";
import { GuidePicker } from "./guide-picker.tsx";

export function GuidesPage({ parameters }: PageProps): JSX.Element {
  const id = parameters["id"];
  if (id !== undefined) return <OneGuide id={id} />;
  return (
    <>
      <h1>{texts.guide.title}</h1>
      <GuidePicker onPick={(guide) => go(`/guides/${guide}`)} />
    </>
  );
}

function OneGuide({ id }: { readonly id: string }): JSX.Element {
  const { query } = usePlace();
  const host = query.get("host") ?? "";
  const hosts = useAsked("GET /hosts", { query: { limit: 200 } });
  return (
    <>
      <h1>{texts.guide.title}</h1>
      <a href="/guides">{texts.guide.another}</a>
      {hosts.value === undefined || hosts.value.items.length === 0 ? null : (
        <Choice
          label={texts.guide.forHost}
          says={host === "" ? texts.guide.chooseHost : undefined}
          value={host}
          onChange={(event) => {
            const search = new URLSearchParams({ host: textOf(event) });
            go(`/guides/${id}?${search.toString()}`, "replace");
          }}
        >
          <option value="" />
          {hosts.value.items.map((row) => (
            <option key={row.name} value={row.name}>
              {row.name}
            </option>
          ))}
        </Choice>
      )}
      <Guide id={id} {...(host === "" ? {} : { host })} />
    </>
  );
}
