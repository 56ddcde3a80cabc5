/** Who may make hosts in a zone, and taking the zone away. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, urlOf } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Tick } from "../parts/field.tsx";
import { useSure } from "../parts/sure.tsx";
import { toast } from "../parts/toast.tsx";
import { go } from "../place.ts";
import { texts } from "../texts.ts";
import type { ZoneProps } from "../zone.ts";

const words = texts.zone;

export function ZoneDanger({ zone, again }: ZoneProps): JSX.Element {
  const { name, hosts, isShared } = zone;
  const { act, trouble } = useAct();
  const { asked, ask } = useSure();
  const parameters = { zone: name };
  // Shown at once; where it is refused the tick goes back.
  const [isOn, setOn] = useState(isShared);
  const share = async (wanted: boolean): Promise<void> => {
    setOn(wanted);
    const isDone = await act(async () => {
      await call("PATCH /zones/{zone}", { parameters, body: { isShared: wanted } });
      toast(texts.common.saved);
      again();
    });
    if (!isDone) setOn(isShared);
  };
  const remove = (): void =>
    ask({
      title: words.deleteAsk(name),
      says: words.deleteSays(name, words.itsHosts(hosts)),
      act: words.deleteDo,
      typed: { label: words.deleteType(name), text: name },
      async run() {
        await call("DELETE /zones/{zone}", { parameters });
        go("/admin/zones", "replace");
      },
    });
  return (
    <>
      <section class="card acts">
        <h2>{words.shareTitle}</h2>
        <Tick
          label={words.share}
          says={words.shareSays}
          isOn={isOn}
          put={(wanted) => void share(wanted)}
        />
        <TroubleNote trouble={trouble} />
        {isShared && !zone.isPrivate ? <p class="soft">{words.suffix}</p> : null}
      </section>
      <section class="card acts">
        <h2>{words.deleteTitle}</h2>
        <a href={urlOf("GET /zones/{zone}/file", { parameters })} download>
          {words.export}
        </a>
        <p>{words.deleteSays(name, words.itsHosts(hosts))}</p>
        <Button kind="danger" onClick={remove}>
          {words.deleteDo}
        </Button>
      </section>
      {asked}
    </>
  );
}
