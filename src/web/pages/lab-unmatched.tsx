/** Requests that no rule knew, by shape: taken up into the lab with a proposed rule, or forgotten. */

import type { JSX } from "preact";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { useSure } from "../parts/sure.tsx";
import { toast } from "../parts/toast.tsx";
import { texts } from "../texts.ts";

type Shape = Reply<"GET /adapters/unmatched">["items"][number];
const words = texts.lab;
const everyMs = 5_000;

export function Unmatched({
  take,
}: {
  readonly take: (request: string, rule: string) => void;
}): JSX.Element {
  const asked = useAsked("GET /adapters/unmatched", {}, everyMs);
  const { act, isBusy, trouble } = useAct();
  const sure = useSure();
  const propose = async ({ id, sample }: Shape): Promise<void> => {
    const reply = await call("POST /adapters/unmatched/{id}/propose", {
      parameters: { id },
      body: {},
    });
    take(sample, reply.rule);
    toast(words.taken);
  };
  const forget = ({ id, shape }: Shape): void =>
    sure.ask({
      title: words.forgetTitle,
      says: (
        <>
          <code>{shape}</code> {words.forgetSays}
        </>
      ),
      act: words.forget,
      async run() {
        await call("DELETE /adapters/unmatched/{id}", { parameters: { id } });
        toast(words.forgotten);
        asked.again();
      },
    });
  return (
    <section aria-label={words.unmatched}>
      <h2>{words.unmatched}</h2>
      <p class="soft">{words.unmatchedSays}</p>
      <TroubleNote trouble={trouble} />
      <Shown asked={asked}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{words.noUnmatched}</p>
          ) : (
            <ul class="receipts unmatched">
              {items.map((shape) => (
                <li class="receipt" key={shape.id}>
                  <details>
                    <summary>
                      <code>{shape.shape}</code>{" "}
                      <span class="soft">
                        {words.seen(shape.requests)}, <Moment at={shape.lastAt} />
                      </span>
                    </summary>
                    <pre>{shape.sample}</pre>
                  </details>
                  <div class="row">
                    <Button isBusy={isBusy} onClick={() => void act(() => propose(shape))}>
                      {words.take}
                    </Button>
                    <Button kind="quiet" onClick={() => forget(shape)}>
                      {words.forget}
                    </Button>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      {sure.asked}
    </section>
  );
}
