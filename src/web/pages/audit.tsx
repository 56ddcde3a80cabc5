/** The audit log: what people did, found by a filter that lives in the address bar, taken away as a file, and its chain checked. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, urlOf } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct } from "../asked.ts";
import { useKeyset } from "../keyset.ts";
import { Button } from "../parts/button.tsx";
import { Empty, TroubleNote } from "../parts/empty.tsx";
import { KeysetList } from "../parts/keyset-list.tsx";
import { Menu } from "../parts/menu.tsx";
import { Moment } from "../parts/moment.tsx";
import { SearchBox, searchHref } from "../parts/search-box.tsx";
import { CheckSign } from "../parts/state-sign.tsx";
import { go, usePlace } from "../place.ts";
import { texts } from "../texts.ts";
import { printExact } from "../time.ts";

type Entry = Reply<"GET /audit">["items"][number];
const words = texts.audit;
const path = "/admin/audit";
const offered = [
  "action:session.",
  "action:account.",
  "action:host.",
  "action:login.",
  "action:token.",
  "action:setting.",
  "action:access.refuse",
];

export function AuditPage(): JSX.Element {
  const { query } = usePlace();
  const q = query.get("q") ?? "";
  const list = useKeyset("GET /audit", q);
  return (
    <>
      <header class="page-head">
        <h1>{words.menu}</h1>
        <SearchBox label={words.search} hint={words.searchHint} path={path} q={q} words={offered} />
        <Menu text={words.exports}>
          {(["ndjson", "csv"] as const).map((format) => (
            <a
              key={format}
              class="button quiet"
              href={urlOf("GET /audit/export", { query: { q, format } })}
              download={`audit.${format}`}
            >
              {words[format]}
            </a>
          ))}
        </Menu>
      </header>
      <Chain />
      <KeysetList list={list} shown={words.shown} empty={<NoEntries isFiltered={q !== ""} />}>
        {(rows) => (
          <>
            <div class="entries-head soft" aria-hidden="true">
              {(["at", "actor", "action", "target", "detail"] as const).map((name) => (
                <span key={name}>{words.columns[name]}</span>
              ))}
            </div>
            <ol class="receipts entries" aria-label={words.menu}>
              {rows.map((entry) => (
                <EntryRow key={entry.id} entry={entry} />
              ))}
            </ol>
          </>
        )}
      </KeysetList>
    </>
  );
}

function NoEntries({ isFiltered }: { readonly isFiltered: boolean }): JSX.Element {
  if (!isFiltered) return <Empty title={words.empty} says={words.emptySays} />;
  return (
    <Empty title={words.noneFound} says={words.noneFoundSays}>
      <Button onClick={() => go(path)}>{words.all}</Button>
    </Empty>
  );
}

/** A line that opens to the whole entry. */
function EntryRow({ entry }: { readonly entry: Entry }): JSX.Element {
  const isRefused = entry.result === "refused";
  return (
    <li class={isRefused ? "receipt refused" : "receipt"}>
      <details>
        <summary>
          <Moment at={entry.at} as="clock" /> <b>{entry.actor}</b> <code>{entry.action}</code>{" "}
          <span>{entry.target}</span>{" "}
          <span>
            {isRefused ? <b>{words.results.refused} </b> : null}
            <span class="soft">{entry.detail}</span>
          </span>
        </summary>
        <dl class="detail">
          <Detail title={words.columns.id} text={entry.id} />
          <Detail title={words.columns.at} text={`${printExact(entry.at)} (${entry.at})`} />
          <Detail title={words.columns.actor} text={entry.actor} filter="actor" />
          <Detail title={words.columns.action} text={entry.action} filter="action" />
          <Detail title={words.columns.target} text={entry.target} filter="target" />
          <Detail title={words.columns.result} text={resultOf(entry.result)} />
          <Detail title={words.columns.from} text={entry.from || words.commandLine} />
          <Detail title={words.columns.detail} text={entry.detail} />
          <Detail title={words.columns.request} text={entry.requestId} />
        </dl>
      </details>
    </li>
  );
}

function resultOf(result: string): string {
  return result === "ok" ? words.results.ok : words.results.refused;
}

function Detail({
  title,
  text,
  filter,
}: {
  readonly title: string;
  readonly text: string;
  /** Whose value leads to all entries with the same. */
  readonly filter?: "actor" | "action" | "target";
}): JSX.Element {
  // A blank ends the value of a filter: what has one is found by its words.
  const word = /\s/.test(text) ? text : `${filter}:${text}`;
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {filter === undefined || text === "" ? (
          text || texts.common.none
        ) : (
          <a href={searchHref(path, word)}>{text}</a>
        )}
      </dd>
    </div>
  );
}

function Chain(): JSX.Element {
  const [check, setCheck] = useState<Reply<"GET /audit/check">>();
  const { act, isBusy, trouble } = useAct();
  const look = async (): Promise<void> => setCheck(await call("GET /audit/check", {}));
  return (
    <div class="row">
      <Button isBusy={isBusy} onClick={() => void act(look)}>
        {words.check}
      </Button>
      <span role="status">
        {check === undefined ? null : (
          <CheckSign isGood={check.isGood}>
            {check.isGood ? words.holds(check.entries) : words.broken(check.brokenAt ?? "")}
          </CheckSign>
        )}
      </span>
      <TroubleNote trouble={trouble} />
    </div>
  );
}
