/** The texts of mails: one at a time, with what may be filled in, and beside it how it arrives. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useAct } from "../asked.ts";
import type { BrandPartProps } from "../brand-part.ts";
import { previewMail } from "../mail-preview.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Area, Choice, textOf } from "../parts/field.tsx";
import type { Setting } from "../settings.ts";
import { texts } from "../texts.ts";

const words = texts.brand;

export function BrandMails({ settings, save }: BrandPartProps): JSX.Element | null {
  const mails = settings.filter(({ kind }) => kind === "mail");
  const [chosen, setChosen] = useState(mails[0]?.name);
  const mail = mails.find(({ name }) => name === chosen);
  if (mail === undefined) return null;
  const brand = settings.find(({ name }) => name === "brandName")?.value ?? "";
  return (
    <section class="card">
      <h2>{words.mails}</h2>
      <p>{words.mailsSays}</p>
      <Choice label={words.mail} value={mail.name} onChange={(event) => setChosen(textOf(event))}>
        {mails.map(({ name, doc, origin }) => (
          <option key={name} value={name}>
            {origin === "database" ? words.changedMail(doc) : doc}
          </option>
        ))}
      </Choice>
      <MailForm key={mail.name} mail={mail} brand={brand} save={save} />
    </section>
  );
}

function MailForm({
  mail,
  brand,
  save,
}: Pick<BrandPartProps, "save"> & {
  readonly mail: Setting;
  readonly brand: string;
}): JSX.Element {
  const { name, value, placeholders, origin } = mail;
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const { act, isBusy, trouble } = useAct();
  const fault = trouble?.faultAt(`/${name}`);
  const { subject, text: rest } = previewMail(text, { ...words.samples, brand });
  return (
    <form
      class="mail"
      onSubmit={(event) => {
        event.preventDefault();
        void act(() => save({ [name]: text }));
      }}
    >
      <Area
        label={words.text}
        rows={14}
        fault={fault}
        value={text}
        onInput={(event) => setText(textOf(event))}
      />
      <p>
        {words.placeholders}{" "}
        {placeholders.map((placeholder) => (
          <code key={placeholder}>{`{${placeholder}} `}</code>
        ))}
      </p>
      <figure class="preview">
        <figcaption>{words.preview2}</figcaption>
        <p>
          {words.subject}: <b>{subject}</b>
        </p>
        <pre tabIndex={0}>{rest}</pre>
      </figure>
      {fault === undefined ? <TroubleNote trouble={trouble} /> : null}
      <div class="row">
        <Button kind="main" type="submit" isBusy={isBusy} disabled={text === value}>
          {texts.common.save}
        </Button>
        {origin === "database" ? (
          <Button isBusy={isBusy} onClick={() => void act(() => save({ [name]: null }))}>
            {words.toDefault}
          </Button>
        ) : null}
      </div>
    </form>
  );
}
