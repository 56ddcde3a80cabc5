/** How a zone is delegated: the lines for the registrar, what is still to be done here, and what every server says. */

import type { JSX } from "preact";
import type { Reply } from "../api.ts";
import { useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Code } from "../parts/code.tsx";
import { Shown } from "../parts/empty.tsx";
import { CheckSign } from "../parts/state-sign.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import { texts } from "../texts.ts";
import { AskResolvers, ServerAddress } from "./delegation-needs.tsx";

type Report = Reply<"GET /zones/{zone}/delegation">;
type Row = Report["rows"][number];

const words = texts.delegation;

export function Delegation({
  zone: { name, isPrivate },
  everyMs,
}: {
  readonly zone: { readonly name: string; readonly isPrivate: boolean };
  /** Asked again by itself; left out: by the button. */
  readonly everyMs?: number;
}): JSX.Element {
  const parameters = { zone: name };
  const asked = useAsked("GET /zones/{zone}/delegation", { parameters }, everyMs);
  const { again, isLoading } = asked;
  return (
    <div class="delegation">
      {isPrivate ? <p>{words.privateSays(name)}</p> : null}
      <Shown asked={asked}>
        {({ wanted, parent, fault, rows }) => (
          <>
            {wanted.withoutAddress.map((server) => (
              <ServerAddress key={server} zone={name} server={server} onSaved={again} />
            ))}
            {isPrivate ? null : (
              <>
                <p>{words.atRegistrar}</p>
                <Lines title={words.ns} lines={wanted.ns} />
                <Lines title={words.glue} lines={wanted.glue} />
                <Lines title={words.ds} lines={wanted.ds} />
                {rows.some(({ role }) => role === "resolver") ? null : (
                  <AskResolvers onNamed={again} />
                )}
                <Verdict parent={parent} fault={fault} rows={rows} />
              </>
            )}
            <Findings rows={rows} />
          </>
        )}
      </Shown>
      <div class="row">
        <Button onClick={again} isBusy={isLoading && asked.value !== undefined}>
          {words.check}
        </Button>
        {everyMs === undefined ? null : <span class="soft">{words.polling}</span>}
      </div>
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
      <h3>{title}</h3>
      <Code text={lines.join("\n")} what={title} />
    </div>
  );
}

/** Resolvers may keep for a while that there was nothing; what the servers say decides. */
function Verdict({ parent, fault, rows }: Omit<Report, "wanted">): JSX.Element {
  const deciding = rows.filter(({ role }) => role !== "resolver");
  const isGood = parent !== null && deciding.every((row) => row.isGood !== false);
  return (
    <div aria-live="polite">
      <p>
        <CheckSign isGood={parent !== null}>
          {parent === null ? words.parentNo : words.parentYes(parent)}
        </CheckSign>{" "}
        {fault === null ? null : <span class="soft">{fault}</span>}
      </p>
      <p>
        <CheckSign isGood={isGood}>{isGood ? words.good : words.notYet}</CheckSign>
      </p>
    </div>
  );
}

/** A server at one address, over both transports. */
interface Line {
  readonly server: string;
  readonly address: string;
  readonly udp: Row | undefined;
  readonly tcp: Row | undefined;
}

function linesOf(rows: readonly Row[]): readonly Line[] {
  const lines = new Map<string, Line>();
  for (const row of rows) {
    const { server, address, transport } = row;
    const key = `${server} ${address}`;
    const line = lines.get(key) ?? { server, address, udp: undefined, tcp: undefined };
    lines.set(key, { ...line, [transport]: row });
  }
  return [...lines.values()];
}

const roles = ["parent", "own", "resolver"] as const;

function Findings({ rows }: Pick<Report, "rows">): JSX.Element {
  return (
    <>
      {roles.map((role) => {
        const lines = linesOf(rows.filter((row) => row.role === role));
        return lines.length === 0 ? null : (
          <section key={role}>
            <h3>{words.roles[role]}</h3>
            <Table
              label={words.roles[role]}
              columns={columns}
              rows={lines}
              keyOf={(line) => `${line.server} ${line.address}`}
            />
          </section>
        );
      })}
    </>
  );
}

const columns: readonly Column<Line>[] = [
  {
    title: words.columns.server,
    cell: ({ server, address }) => (
      <>
        <b>{server}</b> {server.includes(address) ? null : <code>{address}</code>}
      </>
    ),
  },
  { title: words.columns.udp, cell: ({ udp }) => <Sign name={words.columns.udp} row={udp} /> },
  { title: words.columns.tcp, cell: ({ tcp }) => <Sign name={words.columns.tcp} row={tcp} /> },
  { title: words.columns.says, cell: ({ udp, tcp }) => <Says udp={udp} tcp={tcp} /> },
];

/** On a phone there is no head of the column above it. */
function Sign({
  name,
  row,
}: {
  readonly name: string;
  readonly row: Row | undefined;
}): JSX.Element | null {
  if (row === undefined) return null;
  const head = <span class="narrow">{name} </span>;
  if (row.isGood === null) {
    return (
      <span class="soft">
        {head}
        {words.sign.unasked}
      </span>
    );
  }
  return (
    <>
      {head}
      <CheckSign isGood={row.isGood}>{row.isGood ? words.sign.good : words.sign.bad}</CheckSign>
    </>
  );
}

/** One sentence where both say the same. */
function Says({ udp, tcp }: Pick<Line, "udp" | "tcp">): JSX.Element {
  const first = udp ?? tcp;
  if (udp === undefined || tcp === undefined || udp.says === tcp.says) return <>{first?.says}</>;
  return (
    <>
      {words.columns.udp}: {udp.says}
      <br />
      {words.columns.tcp}: {tcp.says}
    </>
  );
}
