/** What was done with the account, so that its owner sees what was not them. */

import type { JSX } from "preact";
import type { Reply } from "../api.ts";
import type { Keyset } from "../keyset.ts";
import { TroubleNote } from "../parts/empty.tsx";
import { ListFoot } from "../parts/list-foot.tsx";
import { Moment } from "../parts/moment.tsx";
import { Table } from "../parts/table.tsx";
import { texts } from "../texts.ts";

const words = texts.account;
const columns = texts.audit.columns;

export function OwnAudit({
  audit,
}: {
  readonly audit: Keyset<Reply<"GET /account/audit">["items"][number]>;
}): JSX.Element {
  return (
    <section class="card">
      <h2>{words.audit}</h2>
      <p class="soft">{words.auditSays}</p>
      <TroubleNote trouble={audit.trouble} again={audit.again} />
      {audit.rows === undefined ? null : (
        <>
          <Table
            label={words.audit}
            rows={audit.rows}
            keyOf={({ id }) => id}
            columns={[
              { title: columns.at, cell: ({ at }) => <Moment at={at} /> },
              { title: columns.action, cell: ({ action }) => <code>{action}</code> },
              { title: columns.target, cell: ({ target }) => target },
              {
                title: columns.result,
                cell: ({ result }) => (
                  <span class={result === "ok" ? "state current" : "state silent"}>
                    {result === "ok" ? texts.audit.results.ok : texts.audit.results.refused}
                  </span>
                ),
              },
              { title: columns.from, cell: ({ from }) => <code>{from}</code> },
              { title: columns.detail, cell: ({ detail }) => detail, isRare: true },
            ]}
          />
          <ListFoot list={audit} shown={texts.audit.shown} />
        </>
      )}
    </section>
  );
}
