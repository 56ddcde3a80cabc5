/** One channel: where it leads, what it tells, what became of the last one, a test, and what was told. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import { useAct } from "../asked.ts";
import { channelEvents } from "../channel.ts";
import type { Channel } from "../channel.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Tick } from "../parts/field.tsx";
import { Moment } from "../parts/moment.tsx";
import { useSure } from "../parts/sure.tsx";
import { texts } from "../texts.ts";
import { Deliveries } from "./deliveries.tsx";

const words = texts.channels;

export function ChannelRow({
  channel,
  changed,
}: {
  readonly channel: Channel;
  readonly changed: () => Promise<void>;
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const [round, setRound] = useState(0);
  const [said, setSaid] = useState("");
  const { act, isBusy, trouble } = useAct();
  const { asked, ask } = useSure();
  const { id, kind, target, lastDelivery } = channel;
  const parameters = { id };
  const test = async (): Promise<void> => {
    setSaid("");
    const delivery = await call("POST /channels/{id}/test", { parameters, body: {} });
    setSaid(delivery.isGood ? words.tested : words.testFailed(delivery.says));
    setRound(round + 1);
    await changed();
  };
  const put = async (event: (typeof channelEvents)[number], isOn: boolean): Promise<void> => {
    const rest = channel.events.filter((each) => each !== event);
    await call("PATCH /channels/{id}", {
      parameters,
      body: { events: isOn ? [...rest, event] : rest },
    });
    await changed();
  };
  const remove = (): void =>
    ask({
      title: words.removeTitle(target),
      says: words.removeSays,
      act: words.remove,
      run: async () => {
        await call("DELETE /channels/{id}", { parameters });
        await changed();
      },
    });
  return (
    <li class="stack channel">
      <div class="row">
        <span class="soft">{words.kinds[kind]}</span> <b>{target}</b>
      </div>
      <fieldset>
        <legend>{words.tells}</legend>
        {channelEvents.map((event) => (
          <Tick
            key={event}
            label={words.events[event]}
            isOn={channel.events.includes(event)}
            put={(isOn) => void act(() => put(event, isOn))}
          />
        ))}
      </fieldset>
      {lastDelivery === null ? null : (
        <p class="soft">
          {words.last} <Moment at={lastDelivery.at} />: {lastDelivery.says}
        </p>
      )}
      <p role="status">{said}</p>
      <TroubleNote trouble={trouble} />
      <div class="row">
        <Button isBusy={isBusy} aria-label={words.testThis(target)} onClick={() => void act(test)}>
          {words.test}
        </Button>
        <Button
          aria-expanded={isOpen}
          aria-label={words.deliveriesOf(target)}
          onClick={() => setOpen(!isOpen)}
        >
          {words.deliveries}
        </Button>
        <Button kind="quiet" aria-label={words.removeThis(target)} onClick={remove}>
          {words.remove}
        </Button>
      </div>
      {isOpen ? <Deliveries key={round} channel={id} changed={changed} /> : null}
      {asked}
    </li>
  );
}
