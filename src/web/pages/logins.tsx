/** Device logins: what each may do and who used it last, a new one shown once, replacing with overlap, and revoking. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import { useKeyset } from "../keyset.ts";
import type { Keyset } from "../keyset.ts";
import type { Login, MadeLogin } from "../login.ts";
import { useLive } from "../live.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Empty, TroubleNote } from "../parts/empty.tsx";
import { ListFoot } from "../parts/list-foot.tsx";
import { Moment } from "../parts/moment.tsx";
import { SearchBox, searchHref } from "../parts/search-box.tsx";
import { ShownOnce } from "../parts/shown-once.tsx";
import { useSure } from "../parts/sure.tsx";
import type { Question } from "../parts/sure.tsx";
import { Table } from "../parts/table.tsx";
import { go, usePlace } from "../place.ts";
import { texts } from "../texts.ts";
import { isGoodOutcome } from "./receipt-row.tsx";
import { NewLoginForm } from "./login-form.tsx";

const words = texts.logins;
const path = "/logins";
/** Of logins that were heard while the page is open; later ones push out the earliest. */
const usesMax = 1_000;

export function LoginsPage(): JSX.Element {
  const { query } = usePlace();
  const host = (query.get("q") ?? "").trim();
  const logins = useKeyset("GET /logins", host, {}, "host");
  const [made, setMade] = useState<MadeLogin>();
  const close = (): void => go(path, "replace");
  const show = (login: MadeLogin): void => {
    setMade(login);
    close();
    logins.again();
  };
  return (
    <>
      <header class="page-head">
        <h1>{texts.menu.logins}</h1>
        <SearchBox label={words.ofHost} hint={words.ofHostSays} path={path} q={host} />
        <Button kind="main" onClick={() => go(`${path}?new=`)}>
          {words.add}
        </Button>
      </header>
      {made === undefined ? null : <Made made={made} />}
      <TroubleNote trouble={logins.trouble} again={logins.again} />
      {logins.rows === undefined && logins.trouble === undefined ? (
        <p class="loading">{texts.common.loading}</p>
      ) : null}
      {logins.rows?.length === 0 ? <NoLogins isFiltered={host !== ""} /> : null}
      {logins.rows === undefined || logins.rows.length === 0 ? null : (
        <Logins list={logins} items={logins.rows} onMade={show} />
      )}
      {query.has("new") ? (
        <Dialog title={words.add} onClose={close}>
          <NewLoginForm onMade={show} />
        </Dialog>
      ) : null}
    </>
  );
}

function NoLogins({ isFiltered }: { readonly isFiltered: boolean }): JSX.Element {
  if (!isFiltered) return <Empty title={words.none} says={words.noneSays} />;
  return (
    <Empty title={words.noneFound} says={words.noneFoundSays}>
      <Button onClick={() => go(path)}>{words.all}</Button>
    </Empty>
  );
}

function Made({ made: { login, password, replaces } }: { readonly made: MadeLogin }): JSX.Element {
  return (
    <ShownOnce
      title={words.once}
      values={[
        [words.username, login.username],
        [words.password, password],
      ]}
    >
      {replaces === undefined ? null : <p>{words.overlap(replaces.username)}</p>}
    </ShownOnce>
  );
}

function Logins({
  list,
  items,
  onMade,
}: {
  readonly list: Keyset<Login>;
  readonly items: readonly Login[];
  readonly onMade: (made: MadeLogin) => void;
}): JSX.Element {
  const { asked, ask } = useSure();
  const uses = useUses();
  return (
    <>
      <Table
        label={texts.menu.logins}
        rows={items}
        keyOf={({ id }) => id}
        hrefOf={({ username }) => searchHref("/hosts", `login:${username}`)}
        columns={[
          { title: words.username, cell: ({ username }) => <code>{username}</code> },
          { title: words.may, cell: (login) => <May login={login} /> },
          { title: words.used, cell: (login) => <Used use={uses.get(login.username) ?? login} /> },
          {
            title: words.accepts,
            cell: ({ accepts }) => [words.nameAndPassword, ...accepts].join(", "),
            isRare: true,
          },
          {
            title: "",
            cell: (login) => (
              <span class="row">
                <Button
                  aria-label={words.replaceThis(login.username)}
                  onClick={() => ask(replacing(login, onMade))}
                >
                  {words.replace}
                </Button>
                <Button
                  kind="danger"
                  aria-label={words.revokeThis(login.username)}
                  onClick={() => ask(revoking(login, list.again))}
                >
                  {words.revoke}
                </Button>
              </span>
            ),
          },
        ]}
      />
      <ListFoot list={list} shown={words.shown} />
      {asked}
    </>
  );
}

function May({ login: { sentence, defaultHost } }: { readonly login: Login }): JSX.Element {
  return (
    <>
      {sentence}
      {defaultHost === null ? null : <small class="below">{words.defaultIs(defaultHost)}</small>}
    </>
  );
}

interface Use {
  readonly usedAt: string | null;
  readonly usedBy: string | null;
}

/** By user name: what was heard since the list was read. */
function useUses(): ReadonlyMap<string, Use> {
  const [uses, setUses] = useState<ReadonlyMap<string, Use>>(new Map());
  useLive(
    { topics: ["receipts"], q: "-adapter:api -adapter:test" },
    {
      receipt: ({ username, outcome, at, userAgent }) => {
        if (username === null || !isGoodOutcome(outcome)) return;
        const use = { usedAt: at, usedBy: userAgent || null };
        setUses((before) => new Map([...before, [username, use] as const].slice(-usesMax)));
      },
    },
  );
  return uses;
}

function Used({ use: { usedAt, usedBy } }: { readonly use: Use }): JSX.Element {
  if (usedAt === null) return <span class="soft">{words.unused}</span>;
  return (
    <>
      <Moment at={usedAt} />
      {usedBy === null ? null : <small class="below">{usedBy}</small>}
    </>
  );
}

function revoking({ id, username }: Login, again: () => void): Question {
  return {
    title: words.revokeTitle(username),
    says: words.revokeSays,
    act: words.revoke,
    run: async () => {
      await call("DELETE /logins/{id}", { parameters: { id } });
      again();
    },
  };
}

/** The old one goes on working until it is revoked: the device is changed when somebody stands beside it. */
function replacing(login: Login, onMade: (made: MadeLogin) => void): Question {
  const { hosts, accepts, scope, from, defaultHost } = login;
  return {
    title: words.replaceTitle(login.username),
    says: words.replaceSays,
    act: words.replaceDo,
    isHarmless: true,
    run: async () => {
      const body = {
        hosts,
        accepts,
        scope,
        from,
        ...(defaultHost === null ? {} : { defaultHost }),
      };
      onMade({ ...(await call("POST /logins", { body })), replaces: login });
    },
  };
}
