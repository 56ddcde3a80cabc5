/** Accounts, found by words and filters that live in the address bar, and invitations that are open. */

import type { JSX } from "preact";
import { useKeyset } from "../keyset.ts";
import { Button } from "../parts/button.tsx";
import { Empty } from "../parts/empty.tsx";
import { KeysetList } from "../parts/keyset-list.tsx";
import { FilterLinks } from "../parts/filter-links.tsx";
import { Moment } from "../parts/moment.tsx";
import { QuotaBar } from "../parts/quota-bar.tsx";
import { SearchBox } from "../parts/search-box.tsx";
import { Table } from "../parts/table.tsx";
import type { Column } from "../parts/table.tsx";
import { go, usePlace } from "../place.ts";
import { UserState } from "../parts/user-state.tsx";
import { texts } from "../texts.ts";
import type { User } from "../user.ts";
import { Invitations } from "./invitations.tsx";

const words = texts.users;
const path = "/admin/users";

export function UsersPage(): JSX.Element {
  const { query } = usePlace();
  const q = query.get("q") ?? "";
  const list = useKeyset("GET /users", q);
  return (
    <>
      <header class="page-head">
        <h1>{words.menu}</h1>
        <SearchBox
          label={words.search}
          hint={words.searchHint}
          path={path}
          q={q}
          words={["state:active", "state:suspended", "state:deleting", "role:admin", "role:user"]}
        />
        <Button kind="main" onClick={() => go(`${path}?invite=`)}>
          {texts.invitations.invite}
        </Button>
      </header>
      <Filters q={q} />
      <KeysetList
        list={list}
        shown={words.shown}
        empty={
          <Empty title={words.noneFound} says={words.noneFoundSays}>
            <Button onClick={() => go(path)}>{words.all}</Button>
          </Empty>
        }
      >
        {(rows) => (
          <Table
            label={words.menu}
            columns={columns}
            rows={rows}
            keyOf={({ name }) => name}
            hrefOf={({ name }) => `${path}/${encodeURIComponent(name)}`}
          />
        )}
      </KeysetList>
      <Invitations isInviting={query.has("invite")} onClose={() => go(path, "replace")} />
    </>
  );
}

const filters = [
  ["", words.filters.all],
  ["role:admin", words.filters.admin],
  ["state:suspended", words.filters.suspended],
  ["state:deleting", words.filters.deleting],
] as const;

function Filters({ q }: { readonly q: string }): JSX.Element {
  return <FilterLinks label={words.columns.state} path={path} q={q} filters={filters} />;
}

const columns: readonly Column<User>[] = [
  {
    title: words.columns.name,
    cell: ({ name, mail }) => (
      <>
        <b>{name}</b> <span class="soft">{mail ?? ""}</span>
      </>
    ),
  },
  { title: words.columns.state, cell: ({ state }) => <UserState state={state} /> },
  { title: words.columns.role, cell: ({ role }) => words.roles[role] },
  {
    title: words.columns.hosts,
    cell: ({ hosts, quota }) => <QuotaBar what="hosts" used={hosts} most={quota.hosts} />,
  },
  {
    title: words.columns.logins,
    isRare: true,
    cell: ({ logins, quota }) => <QuotaBar what="logins" used={logins} most={quota.logins} />,
  },
  {
    title: words.columns.second,
    isRare: true,
    cell: ({ hasSecondFactor }) => (hasSecondFactor ? words.second.yes : words.second.no),
  },
  { title: words.columns.seen, cell: ({ seenAt }) => <Moment at={seenAt} /> },
];
