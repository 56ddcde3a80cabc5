/** Where the account is told of things: its mail address, and webhooks, each with what it tells. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSignedIn } from "../account.ts";
import type { CardProps } from "../account.ts";
import { call } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { channelEvents } from "../channel.ts";
import type { Channel } from "../channel.ts";
import { Button } from "../parts/button.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { ShownOnce } from "../parts/shown-once.tsx";
import { texts } from "../texts.ts";
import { ChannelRow } from "./channel-row.tsx";

const words = texts.channels;
export function Channels({ changed }: CardProps): JSX.Element {
  const channels = useAsked("GET /channels", {});
  const [secret, setSecret] = useState<string>();
  const again = async (): Promise<void> => {
    channels.again();
    await changed();
  };
  return (
    <section class="card" id="channels">
      <h2>{words.title}</h2>
      <p class="soft">{words.says}</p>
      {secret === undefined ? null : (
        <ShownOnce title={words.once} values={[[words.secret, secret]]}>
          <p>{words.onceSays}</p>
        </ShownOnce>
      )}
      <Shown asked={channels}>
        {({ items }) => (
          <>
            {items.length === 0 ? <p>{words.none}</p> : null}
            <ul class="plain">
              {items.map((channel) => (
                <ChannelRow key={channel.id} channel={channel} changed={again} />
              ))}
            </ul>
            <AddMail items={items} added={again} />
          </>
        )}
      </Shown>
      <AddWebhook
        added={async (made) => {
          setSecret(made);
          await again();
        }}
      />
    </section>
  );
}

/** Once: mails go to the confirmed address of the account and to no other. */
function AddMail({
  items,
  added,
}: {
  readonly items: readonly Channel[];
  readonly added: () => Promise<void>;
}): JSX.Element | null {
  const { account } = useSignedIn();
  const { act, isBusy, trouble } = useAct();
  const { mail } = account;
  if (items.some(({ kind }) => kind === "mail")) return null;
  if (mail === null || !account.isMailConfirmed) return <p class="soft">{words.noMail}</p>;
  const add = async (): Promise<void> => {
    await call("POST /channels", {
      body: { kind: "mail", target: mail, events: [...channelEvents] },
    });
    await added();
  };
  return (
    <>
      <TroubleNote trouble={trouble} />
      <Button isBusy={isBusy} onClick={() => void act(add)}>
        {words.addMail(mail)}
      </Button>
    </>
  );
}

function AddWebhook({ added }: { readonly added: (secret: string) => Promise<void> }): JSX.Element {
  const [target, setTarget] = useState("");
  const { act, isBusy, trouble } = useAct();
  const add = async (): Promise<void> => {
    const { secret } = await call("POST /channels", {
      body: { kind: "webhook", target: target.trim(), events: [...channelEvents] },
    });
    setTarget("");
    await added(secret ?? "");
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void act(add);
      }}
    >
      <Field
        label={words.url}
        says={words.urlSays}
        type="url"
        required
        maxLength={2_000}
        spellcheck={false}
        fault={trouble?.faultAt("/target")}
        value={target}
        onInput={(event) => setTarget(textOf(event))}
      />
      <TroubleNote trouble={trouble} />
      <Button type="submit" isBusy={isBusy}>
        {words.addWebhook}
      </Button>
    </form>
  );
}
