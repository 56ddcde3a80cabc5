/** One zone: what it is, its records, how it is delegated, and what can be done with it as a whole. */

import type { JSX } from "preact";
import { useAsked } from "../asked.ts";
import type { PageProps } from "../page-props.ts";
import { Code } from "../parts/code.tsx";
import { Shown } from "../parts/empty.tsx";
import { Fact } from "../parts/fact.tsx";
import { searchHref } from "../parts/search-box.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { texts } from "../texts.ts";
import { printOpen, zoneHref } from "../zone.ts";
import type { Zone, ZoneProps } from "../zone.ts";
import { Delegation } from "./delegation.tsx";
import { Records } from "./records.tsx";
import { ZoneDanger } from "./zone-danger.tsx";

const words = texts.zone;

const tabs = {
  records: Records,
  delegation: ({ zone }: ZoneProps) => <Delegation zone={zone} />,
  danger: ZoneDanger,
} as const satisfies Record<keyof typeof words.tabs, (props: ZoneProps) => JSX.Element>;

export function ZonePage({ parameters }: PageProps): JSX.Element {
  const { zone: name = "", tab: wanted = "records" } = parameters;
  const asked = useAsked("GET /zones/{zone}", { parameters: { zone: name } });
  const isTab = (word: string): word is keyof typeof tabs => Object.hasOwn(tabs, word);
  const tab = isTab(wanted) ? wanted : "records";
  const Tab = tabs[tab];
  const href = (to: string): string =>
    to === "records" ? zoneHref(name) : `${zoneHref(name)}/${to}`;
  return (
    <>
      <header class="page-head">
        <h1>{name}</h1>
        <a href="/admin/zones">{words.back}</a>
      </header>
      <Shown asked={asked}>
        {(zone) => (
          <div class="host">
            <Facts zone={zone} />
            <Tabs
              label={words.parts}
              tabs={Object.entries(words.tabs).map(([key, text]) => ({
                href: href(key),
                text,
                isHere: key === tab,
              }))}
            />
            <Tab zone={zone} again={asked.again} />
          </div>
        )}
      </Shown>
    </>
  );
}

/** Beyond it a name stays unknown for longer than an address stays old. */
const negativeTtlSecondsGood = 60;

function Facts({ zone }: { readonly zone: Zone }): JSX.Element {
  const { name, hosts, serial, signing, hostTtlSeconds, negativeTtlSeconds } = zone;
  const { columns, signing: signingWords } = texts.zones;
  return (
    <section class="card acts">
      <dl class="facts">
        <Fact title={columns.hosts}>
          <a href={searchHref("/hosts", `zone:${name}`)}>{words.itsHosts(hosts)}</a>
        </Fact>
        <Fact title={columns.openFor}>{printOpen(zone)}</Fact>
        <Fact title={columns.serial}>
          <code>{serial}</code>
        </Fact>
        <Fact title={columns.signing}>{signingWords[signing]}</Fact>
        <Fact title={words.hostTtl}>{words.seconds(hostTtlSeconds)}</Fact>
        <Fact title={words.negativeTtl}>
          {negativeTtlSeconds === null ? words.noSoa : words.seconds(negativeTtlSeconds)}
        </Fact>
      </dl>
      {(negativeTtlSeconds ?? 0) > negativeTtlSecondsGood ? (
        <p class="warning">{words.longNegative(negativeTtlSeconds ?? 0)}</p>
      ) : null}
      {signing === "signed" ? null : <SigningCommand name={name} signing={signing} />}
    </section>
  );
}

function SigningCommand({ name, signing }: Pick<Zone, "name" | "signing">): JSX.Element {
  const isUnsigned = signing === "unsigned";
  const command = `nameward zone ${isUnsigned ? "sign" : "keys"} ${name}`;
  return (
    <details>
      <summary class="soft">{isUnsigned ? words.signCommand : words.rollCommand}</summary>
      <Code text={command} what={command} />
    </details>
  );
}
