/** How the service looks and speaks: name, logo, colours and the texts of mails, in force at once. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSignedIn } from "../account.ts";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import type { BrandPartProps } from "../brand-part.ts";
import { Button } from "../parts/button.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { toast } from "../parts/toast.tsx";
import { texts } from "../texts.ts";
import { BrandColours } from "./brand-colours.tsx";
import { BrandLogo } from "./brand-logo.tsx";
import { BrandMails } from "./brand-mails.tsx";

const words = texts.brand;

export function BrandPage(): JSX.Element {
  const { greet } = useSignedIn();
  const asked = useAsked("GET /settings", {});
  const save = async (body: Record<string, string | null>): Promise<void> => {
    const reply: Reply<"GET /settings"> = await call("PATCH /settings", { body });
    asked.put(() => reply);
    toast(words.saved);
    await greet();
  };
  return (
    <>
      <h1>{words.menu}</h1>
      <p>{words.says}</p>
      <Shown asked={asked}>
        {({ items }) => (
          <>
            <Name settings={items} save={save} />
            <BrandLogo />
            <BrandColours settings={items} save={save} />
            <BrandMails settings={items} save={save} />
          </>
        )}
      </Shown>
    </>
  );
}

function Name({ settings, save }: BrandPartProps): JSX.Element {
  const now = settings.find(({ name }) => name === "brandName")?.value ?? "";
  const [name, setName] = useState(now);
  const { act, isBusy, trouble } = useAct();
  return (
    <section class="card">
      <h2>{words.name}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(() => save({ brandName: name }));
        }}
      >
        <Field
          label={words.name}
          maxLength={60}
          required
          autocomplete="off"
          fault={trouble?.faultAt("/brandName")}
          value={name}
          onInput={(event) => setName(textOf(event))}
        />
        {trouble?.faultAt("/brandName") === undefined ? <TroubleNote trouble={trouble} /> : null}
        <Button kind="main" type="submit" isBusy={isBusy} disabled={name === now}>
          {texts.common.save}
        </Button>
      </form>
    </section>
  );
}
