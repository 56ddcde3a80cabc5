/** What a delegation needs of this service first: addresses of its name servers, and resolvers to ask the net by. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { texts } from "../texts.ts";

const words = texts.delegation;

/** Addresses of name servers move seldom, and resolvers ask for them with every look at the zone. */
const serverTtlSeconds = 3_600;

export function ServerAddress({
  zone,
  server,
  onSaved,
}: {
  readonly zone: string;
  readonly server: string;
  readonly onSaved: () => void;
}): JSX.Element {
  const [v4, setV4] = useState("");
  const [v6, setV6] = useState("");
  const { act, isBusy, trouble } = useAct();
  const given = [
    { type: "A", data: v4.trim() },
    { type: "AAAA", data: v6.trim() },
  ].filter(({ data }) => data !== "");
  const faultOf = (type: string): string | undefined => {
    const at = given.findIndex((record) => record.type === type);
    return trouble?.faultAt(`/add/${at}/data`) ?? trouble?.faultAt(`/add/${at}`);
  };
  const save = async (): Promise<void> => {
    const add = given.map((record) => ({
      ...record,
      owner: `${server}.`,
      ttlSeconds: serverTtlSeconds,
    }));
    await call("POST /zones/{zone}/records", { parameters: { zone }, body: { add } });
    onSaved();
  };
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void act(save);
      }}
    >
      <h3>{words.addressOf(server)}</h3>
      <p>{words.addressSays}</p>
      <Field
        label={words.v4}
        fault={faultOf("A")}
        inputMode="decimal"
        spellcheck={false}
        value={v4}
        onInput={(event) => setV4(textOf(event))}
      />
      <Field
        label={words.v6}
        fault={faultOf("AAAA")}
        spellcheck={false}
        value={v6}
        onInput={(event) => setV6(textOf(event))}
      />
      {faultOf("A") === undefined && faultOf("AAAA") === undefined ? (
        <TroubleNote trouble={trouble} />
      ) : null}
      <Button type="submit" isBusy={isBusy} disabled={given.length === 0}>
        {words.saveAddress}
      </Button>
    </form>
  );
}

/** Of Cloudflare, Google and Quad9: asked only when a person says so. */
const wellKnown = ["1.1.1.1", "8.8.8.8", "9.9.9.9"];

export function AskResolvers({ onNamed }: { readonly onNamed: () => void }): JSX.Element {
  const { act, isBusy, trouble } = useAct();
  const name = (): Promise<boolean> =>
    act(async () => {
      await call("PATCH /settings", { body: { resolvers: wellKnown.join(",") } });
      onNamed();
    });
  return (
    <section class="card acts">
      <p>{words.resolversSays}</p>
      <TroubleNote trouble={trouble} />
      <Button isBusy={isBusy} onClick={() => void name()}>
        {words.resolversDo(wellKnown.join(", "))}
      </Button>
    </section>
  );
}
