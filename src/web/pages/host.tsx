/** One host: what it is, and the parts of its page. */

import type { JSX } from "preact";
import { useAct, useAsked } from "../asked.ts";
import type { Asked } from "../asked.ts";
import { useLive } from "../live.ts";
import type { Host } from "../host-tab.ts";
import type { PageProps } from "../page-props.ts";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { StateSign } from "../parts/state-sign.tsx";
import { Strip } from "../parts/strip.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { toast } from "../parts/toast.tsx";
import { texts } from "../texts.ts";
import { HostAlerts } from "./host-alerts.tsx";
import { HostDanger } from "./host-danger.tsx";
import { HostNow } from "./host-now.tsx";
import { GuideWithListening } from "./guide.tsx";

type TabName = "now" | "guide" | "alerts" | "danger";

export function HostPage({ parameters }: PageProps): JSX.Element {
  const name = parameters["name"] ?? "";
  const asked = useAsked("GET /hosts/{name}", { parameters: { name } });
  useLive(
    { topics: ["hosts"] },
    {
      host: (told) => {
        if (told.name === name) asked.put((host) => ({ ...host, ...told }));
      },
    },
    asked.again,
  );
  return (
    <Shown asked={asked}>
      {(host) => <HostParts key={host.name} host={host} asked={asked} tab={parameters["tab"]} />}
    </Shown>
  );
}

function HostParts({
  host,
  asked,
  tab,
}: {
  readonly host: Host;
  readonly asked: Asked<Host>;
  readonly tab: string | undefined;
}): JSX.Element {
  const { act, trouble } = useAct();
  const change = (what: () => Promise<Partial<Host>>): Promise<boolean> =>
    act(async () => {
      const changed = await what();
      asked.put((before) => ({ ...before, ...changed }));
      toast(texts.common.saved);
    });
  const base = `/hosts/${host.name}`;
  const here: TabName = tab === "guide" || tab === "alerts" || tab === "danger" ? tab : "now";
  const tabs = (Object.keys(texts.host.tabs) as TabName[]).map((each) => ({
    href: each === "now" ? base : `${base}/${each}`,
    text: texts.host.tabs[each],
    isHere: each === here,
  }));
  const props = { host, change };
  return (
    <div class="host">
      <header class="host-head">
        <h1>{host.name}</h1>
        <p class="row">
          <StateSign state={host.state} />
          <span>
            {texts.host.heard} <Moment at={host.heardAt} />
          </span>
          {host.device === null ? null : <span class="soft">{host.device}</span>}
          <Strip days={host.strip} />
        </p>
        {host.heldWhy === null ? null : <p class="warning">{texts.host.heldWhy(host.heldWhy)}</p>}
      </header>
      <Tabs label={host.name} tabs={tabs} />
      <TroubleNote trouble={trouble} />
      {here === "now" ? <HostNow {...props} /> : null}
      {here === "guide" ? <GuideWithListening {...props} /> : null}
      {here === "alerts" ? <HostAlerts {...props} /> : null}
      {here === "danger" ? <HostDanger {...props} /> : null}
    </div>
  );
}
