/** The logo: shown as it is served, replaced by a file, removed. */

import type { JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";
import { useSignedIn } from "../account.ts";
import { call } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Field } from "../parts/field.tsx";
import { toast } from "../parts/toast.tsx";
import { texts } from "../texts.ts";

const words = texts.brand;

export function BrandLogo(): JSX.Element {
  const { greeting, greet } = useSignedIn();
  // The browser keeps a picture under its address: another address shows the one of now.
  const [round, setRound] = useState(0);
  const { act, isBusy, trouble } = useAct();
  const set = async (file: File): Promise<void> => {
    await call("PUT /brand/logo", { raw: { type: typeOf(file), content: file } });
    toast(words.logoSet);
    setRound((before) => before + 1);
    await greet();
  };
  const choose = (event: TargetedEvent<HTMLInputElement>): void => {
    const input = event.currentTarget;
    const file = input.files?.[0];
    input.value = ""; // the same file once more is a choice, too
    if (file !== undefined) void act(() => set(file));
  };
  const remove = async (): Promise<void> => {
    await call("DELETE /brand/logo", {});
    toast(words.logoRemoved);
    await greet();
  };
  return (
    <section class="card acts">
      <h2>{words.logo}</h2>
      {greeting.brand.hasLogo ? (
        <img class="logo" src={`/brand/logo?round=${round}`} alt={words.logoNow} />
      ) : (
        <p class="soft">{words.noLogo}</p>
      )}
      <Field
        label={words.logoFile}
        says={words.logoSays}
        type="file"
        accept="image/png,image/svg+xml"
        disabled={isBusy}
        onChange={choose}
      />
      <TroubleNote trouble={trouble} />
      {greeting.brand.hasLogo ? (
        <Button kind="danger" isBusy={isBusy} onClick={() => void act(remove)}>
          {words.logoRemove}
        </Button>
      ) : null}
    </section>
  );
}

/** Some systems know no type of an SVG. */
function typeOf({ type, name }: File): string {
  if (type !== "") return type;
  return name.toLowerCase().endsWith(".svg") ? "image/svg+xml" : "image/png";
}
