/** Hosts in bulk: a file is looked at first, then taken as a whole; passwords that were made are saved from here. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, urlOf } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button, LinkButton } from "../parts/button.tsx";
import { Code } from "../parts/code.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { Area, FileField, textOf } from "../parts/field.tsx";
import { Table } from "../parts/table.tsx";
import { saveFile } from "../save-file.ts";
import { texts } from "../texts.ts";

type Report = Reply<"POST /hosts/bulk">;
const words = texts.bulk;

/** What is to be imported; its key makes a repeat of the same attempt harmless. */
interface Given {
  readonly content: Blob;
  readonly key: string;
}

function give(content: Blob): Given {
  return { content, key: crypto.randomUUID() };
}

export function ImportHostsPage(): JSX.Element {
  const [given, setGiven] = useState<Given>();
  const [report, setReport] = useState<Report>();
  const { act, isBusy, trouble } = useAct();
  const put = (next: Given | undefined): void => {
    setGiven(next);
    setReport(undefined);
  };
  const send = (isDryRun: boolean): void => {
    if (given === undefined) return;
    void act(async () => setReport(await importHosts(given, isDryRun)));
  };
  return (
    <>
      <header class="page-head">
        <h1>{words.title}</h1>
        <a href={urlOf("GET /hosts/export")} download="hosts.ndjson">
          {words.export}
        </a>
      </header>
      <section class="card stack">
        <p>{words.says}</p>
        <Code text={words.example} what={words.exampleName} />
        <details>
          <summary>{words.columns}</summary>
          <dl>
            {Object.entries(words.columnSays).map(([name, says]) => (
              <div key={name}>
                <dt>
                  <code>{name}</code>
                </dt>
                <dd>{says}</dd>
              </div>
            ))}
          </dl>
        </details>
        <FileField
          label={words.file}
          accept=".csv,.ndjson,.jsonl,.txt,text/csv,application/x-ndjson"
          put={(file) => put(file === undefined ? undefined : give(file))}
        />
        <Area
          label={words.paste}
          rows={4}
          spellcheck={false}
          onInput={(event) => {
            const text = textOf(event);
            put(text.trim() === "" ? undefined : give(new Blob([text])));
          }}
        />
        <Button
          kind={report === undefined ? "main" : "plain"}
          isBusy={isBusy}
          disabled={given === undefined}
          onClick={() => send(true)}
        >
          {words.check}
        </Button>
        {isBusy ? <p role="status">{words.working}</p> : null}
        <TroubleNote trouble={trouble} />
      </section>
      {report === undefined ? null : (
        <Findings report={report} isBusy={isBusy} take={() => send(false)} />
      )}
    </>
  );
}

async function importHosts({ content, key }: Given, isDryRun: boolean): Promise<Report> {
  const start = await content.slice(0, 100).text();
  const type = /^\ufeff?\s*\{/.test(start) ? "application/x-ndjson" : "text/csv";
  return call("POST /hosts/bulk", {
    query: { dryRun: isDryRun ? "true" : "false" },
    raw: { type, content },
    headers: { "Idempotency-Key": key },
  });
}

function Findings({
  report,
  isBusy,
  take,
}: {
  readonly report: Report;
  readonly isBusy: boolean;
  readonly take: () => void;
}): JSX.Element {
  const { created, changed, refused, faults, sample, isDryRun } = report;
  const isReady = isDryRun && refused === 0 && created + changed > 0;
  return (
    <section class="card stack" aria-live="polite">
      <h2>{isDryRun ? words.wouldBe : words.done}</h2>
      <dl class="figures">
        {(["rows", "created", "changed", "unchanged", "refused"] as const).map((what) => (
          <div key={what}>
            <dt>{words.counts[what]}</dt>
            <dd>{words.number(report[what])}</dd>
          </div>
        ))}
      </dl>
      {faults.length === 0 ? null : (
        <>
          <p>{words.faultsSay(refused, faults.length)}</p>
          <Table
            label={words.faults}
            rows={faults}
            keyOf={({ line, why }) => `${line} ${why}`}
            columns={[
              { title: words.line, cell: ({ line }) => line },
              { title: words.why, cell: ({ why }) => why },
            ]}
          />
        </>
      )}
      {isReady ? (
        <Button kind="main" isBusy={isBusy} onClick={take}>
          {words.take(created + changed)}
        </Button>
      ) : null}
      {isDryRun ? null : <Logins report={report} />}
      {sample.length === 0 ? null : (
        <Table
          label={words.sample}
          rows={sample}
          keyOf={({ line }) => String(line)}
          columns={[
            { title: words.line, cell: ({ line }) => line },
            { title: words.host, cell: ({ name }) => name },
            { title: words.change, cell: ({ change }) => words.changeSays(change) },
          ]}
        />
      )}
    </section>
  );
}

/** Nobody can tell the passwords again. */
function Logins({ report: { logins, isRepeat } }: { readonly report: Report }): JSX.Element {
  const save = (): void => {
    const rows = logins.map(({ name, username, password }) => [name, username, password]);
    const lines = [["name", "username", "password"], ...rows].map((row) =>
      row.map(quote).join(","),
    );
    saveFile("logins.csv", "text/csv", `${lines.join("\r\n")}\r\n`);
  };
  return (
    <>
      {isRepeat ? <p>{words.repeat}</p> : null}
      {logins.length === 0 ? null : (
        <div class="shown-once" role="status">
          <p>
            <b>{words.loginsSay(logins.length)}</b>
          </p>
          <Button kind="main" onClick={save}>
            {words.saveLogins}
          </Button>
        </div>
      )}
      <LinkButton href="/hosts">{words.toHosts}</LinkButton>
    </>
  );
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
