/** Activity: the receipts of all own hosts as they come, by a filter that lives in the address bar. */

import type { JSX } from "preact";
import { urlOf } from "../api.ts";
import { Button } from "../parts/button.tsx";
import { Empty } from "../parts/empty.tsx";
import { FilterLinks } from "../parts/filter-links.tsx";
import { Menu } from "../parts/menu.tsx";
import { SearchBox } from "../parts/search-box.tsx";
import { go, usePlace } from "../place.ts";
import { texts } from "../texts.ts";
import { LiveSign, ReceiptList, useReceipts } from "./receipts.tsx";

const words = texts.activity;
const path = "/activity";
const refused = "-outcome:changed -outcome:unchanged";
const quick = [
  ["", words.quick.all],
  ["outcome:changed", words.quick.changes],
  [refused, words.quick.refused],
] as const;
const offered = [
  "outcome:changed",
  "outcome:bad-credentials",
  "outcome:unknown-host",
  "outcome:blocked",
  "-outcome:unchanged",
  "host:",
  "zone:",
  "address:",
  "device:",
  "login:",
  "peer:",
  "adapter:",
];

export function ActivityPage(): JSX.Element {
  const { query } = usePlace();
  const q = query.get("q") ?? "";
  const list = useReceipts(q);
  return (
    <>
      <header class="page-head">
        <h1>{texts.menu.activity}</h1>
        <SearchBox label={words.search} hint={words.searchHint} path={path} q={q} words={offered} />
        <Menu text={words.exports}>
          {(["csv", "ndjson"] as const).map((format) => (
            <a
              key={format}
              class="button quiet"
              href={urlOf("GET /receipts/export", { query: { q, format } })}
              download={`receipts.${format}`}
            >
              {words[format]}
            </a>
          ))}
        </Menu>
      </header>
      <div class="row between">
        <FilterLinks label={words.filters} path={path} q={q} filters={quick} />
        <span class="row">
          <LiveSign list={list} />
          <Button onClick={list.isPaused ? list.resume : list.pause}>
            {list.isPaused ? words.resume(list.waiting) : words.pause}
          </Button>
        </span>
      </div>
      <ReceiptList list={list} showsHost empty={<Nothing isFiltered={q !== ""} />} />
    </>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }): JSX.Element {
  if (!isFiltered)
    return <Empty title={texts.host.receiptsEmpty} says={texts.host.receiptsEmptySays} />;
  return (
    <Empty title={words.noneFound} says={words.noneFoundSays}>
      <Button onClick={() => go(path)}>{words.all}</Button>
    </Empty>
  );
}
