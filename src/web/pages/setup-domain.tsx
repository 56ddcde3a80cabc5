/** Step two: the domain, the exact lines for its registrar, and whether the world finds us yet. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Code } from "../parts/code.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { CheckSign } from "../parts/state-sign.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import { texts } from "../texts.ts";

export function DomainStep({ onNext }: { readonly onNext: () => void }): JSX.Element {
  const zones = useAsked("GET /zones", {});
  const [made, setMade] = useState<string>();
  return (
    <Shown asked={zones}>
      {({ items }) => {
        const zone = made ?? items[0]?.name;
        return (
          <>
            {zone === undefined ? <DomainForm onMade={setMade} /> : <Delegation zone={zone} />}
            {zone === undefined ? null : (
              <Button kind="main" onClick={onNext}>
                {texts.common.next}
              </Button>
            )}
          </>
        );
      }}
    </Shown>
  );
}

function DomainForm({ onMade }: { readonly onMade: (zone: string) => void }): JSX.Element {
  const [name, setName] = useState("");
  const { act, isBusy, trouble } = useAct();
  const serve = (): Promise<boolean> =>
    act(async () => {
      const wanted = name.trim().toLowerCase().replace(/\.$/, "");
      const isPrivate = wanted === "home.arpa" || wanted.endsWith(".home.arpa");
      onMade((await call("POST /zones", { body: { name: wanted, isPrivate } })).name);
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void serve();
      }}
    >
      <p>{texts.setup.domain}</p>
      <Field
        label={texts.setup.domainName}
        says={`${texts.setup.domainSays} ${texts.setup.domainNone}`}
        fault={trouble?.faultAt("/name")}
        required
        autofocus
        autocapitalize="none"
        spellcheck={false}
        value={name}
        onInput={(event) => setName(textOf(event))}
      />
      <TroubleNote trouble={trouble} />
      <Button kind="main" type="submit" isBusy={isBusy}>
        {texts.setup.serve}
      </Button>
    </form>
  );
}

type Report = Reply<"GET /zones/{zone}/delegation">;
type Row = Report["rows"][number];
const checkEveryMs = 10_000;

/** What the parent should hold, and what it and every server say, asked again until it is good. */
function Delegation({ zone }: { readonly zone: string }): JSX.Element {
  const asked = useAsked("GET /zones/{zone}/delegation", { parameters: { zone } }, checkEveryMs);
  return (
    <div class="delegation">
      <p>
        <b>{zone}</b>
      </p>
      <Shown asked={asked}>
        {(report) => (
          <>
            <p>{texts.setup.atRegistrar}</p>
            <Lines title={texts.setup.ns} lines={report.wanted.ns} />
            <Lines title={texts.setup.glue} lines={report.wanted.glue} />
            <Lines title={texts.setup.ds} lines={report.wanted.ds} />
            <Findings report={report} />
          </>
        )}
      </Shown>
    </div>
  );
}

function Lines({
  title,
  lines,
}: {
  readonly title: string;
  readonly lines: readonly string[];
}): JSX.Element | null {
  if (lines.length === 0) return null;
  return (
    <div>
      <h2>{title}</h2>
      <Code text={lines.join("\n")} what={title} />
    </div>
  );
}

const columns: readonly Column<Row>[] = [
  {
    title: texts.setup.server,
    cell: (row) => (
      <>
        {row.server} <code>{row.address}</code>
      </>
    ),
  },
  { title: texts.setup.transport, cell: (row) => row.transport.toUpperCase() },
  {
    title: texts.setup.says,
    cell: (row) => <CheckSign isGood={row.isGood === true}>{row.says}</CheckSign>,
  },
];

function Findings({ report }: { readonly report: Report }): JSX.Element {
  const isGood = report.rows.length > 0 && report.rows.every((row) => row.isGood);
  return (
    <div aria-live="polite">
      <p>
        <CheckSign isGood={report.parent !== null}>
          {isGood
            ? texts.setup.delegated
            : report.parent === null
              ? texts.setup.parentNo
              : texts.setup.parentYes(report.parent)}
        </CheckSign>
      </p>
      {report.rows.length === 0 ? null : (
        <Table
          label={texts.setup.server}
          columns={columns}
          rows={report.rows}
          keyOf={(row) => `${row.server} ${row.address} ${row.transport}`}
        />
      )}
      {isGood ? null : <p class="soft">{texts.setup.checking}</p>}
    </div>
  );
}
