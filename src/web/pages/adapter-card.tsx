/** One adapter: its YAML, what it did or would have done lately, and what can be done with it. */

import type { JSX } from "preact";
import type { Adapter, OwnState } from "../adapter.ts";
import { call } from "../api.ts";
import { useAsked } from "../asked.ts";
import { AdapterState } from "../parts/adapter-state.tsx";
import { Button, LinkButton } from "../parts/button.tsx";
import { Code } from "../parts/code.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Shown } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { useSure } from "../parts/sure.tsx";
import { toast } from "../parts/toast.tsx";
import { saveFile } from "../save-file.ts";
import { texts } from "../texts.ts";

const words = texts.adapters;

interface CardProps {
  readonly adapter: Adapter;
  readonly again: () => void;
  readonly onClose: () => void;
}

export function AdapterCard({ adapter, again, onClose }: CardProps): JSX.Element {
  const { id, state, dialect, paths, rule } = adapter;
  return (
    <Dialog title={id} onClose={onClose}>
      <p>
        <AdapterState state={state} /> <span class="soft">{words.stateSays[state]}</span>
      </p>
      {state === "built-in" ? <p class="soft">{words.builtInSays}</p> : null}
      {rule === null ? (
        <dl class="facts">
          <div>
            <dt>{words.columns.dialect}</dt>
            <dd>{dialect}</dd>
          </div>
          <div>
            <dt>{words.columns.paths}</dt>
            <dd>
              <code>{paths.join(" ")}</code>
            </dd>
          </div>
        </dl>
      ) : (
        <>
          <Acts {...{ id, state, rule, again, onClose }} />
          <Lately id={id} isTrial={state === "shadow"} />
          <h3>{words.yaml}</h3>
          <Code text={rule} what={words.yaml} />
        </>
      )}
    </Dialog>
  );
}

const ownStates = ["enabled", "shadow", "disabled"] as const satisfies readonly OwnState[];

function Acts({
  id,
  state,
  rule,
  again,
  onClose,
}: Omit<CardProps, "adapter"> & {
  readonly id: string;
  readonly state: Adapter["state"];
  readonly rule: string;
}): JSX.Element {
  const { asked, ask } = useSure();
  const change = (to: OwnState): void =>
    ask({
      title: words.sureTitle[to](id),
      says: words.sureSays[to],
      act: words.acts[to],
      isHarmless: to === "shadow",
      async run() {
        await call("PATCH /adapters/{id}", { parameters: { id }, body: { state: to } });
        toast(words.changed(id, words.states[to]));
        again();
      },
    });
  const remove = (): void =>
    ask({
      title: words.removeTitle(id),
      says: words.removeSays,
      act: words.remove,
      async run() {
        await call("DELETE /adapters/{id}", { parameters: { id } });
        toast(words.removed(id));
        again();
        onClose();
      },
    });
  return (
    <div class="row">
      {ownStates
        .filter((each) => each !== state)
        .map((each) => (
          <Button key={each} onClick={() => change(each)}>
            {words.acts[each]}
          </Button>
        ))}
      <LinkButton href={`/admin/adapters/lab?${new URLSearchParams({ rule: id }).toString()}`}>
        {words.open}
      </LinkButton>
      <Button onClick={() => saveFile(`${id}.yaml`, "application/yaml", rule)}>
        {words.export}
      </Button>
      <Button kind="danger" onClick={remove}>
        {words.remove}
      </Button>
      {asked}
    </div>
  );
}

function Lately({ id, isTrial }: { readonly id: string; readonly isTrial: boolean }): JSX.Element {
  const asked = useAsked("GET /adapters/{id}/requests", { parameters: { id } });
  return (
    <section>
      <h3>{isTrial ? words.trialRequests : words.requests}</h3>
      <Shown asked={asked}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="soft">{words.noRequests}</p>
          ) : (
            <ol class="receipts" aria-label={words.requests}>
              {items.map(({ at, peer, device, asked: name, outcome, says }) => (
                <li class="receipt" key={`${at} ${peer} ${says}`}>
                  <Moment at={at} /> <code>{peer}</code> <span class="soft">{device}</span>
                  <span class="receipt-reason">
                    {outcome === "shadow" ? says : `${name} ${outcome}. ${says}`}
                  </span>
                </li>
              ))}
            </ol>
          )
        }
      </Shown>
    </section>
  );
}
