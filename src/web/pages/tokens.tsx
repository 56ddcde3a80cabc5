/** API tokens: what each may do, where it was used last, a new one shown once, and revoking. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import { useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Code } from "../parts/code.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Empty, Shown } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { ShownOnce } from "../parts/shown-once.tsx";
import { useSure } from "../parts/sure.tsx";
import { Table } from "../parts/table.tsx";
import { go, usePlace } from "../place.ts";
import { texts } from "../texts.ts";
import { printDate } from "../time.ts";
import type { MadeToken, Token } from "../token.ts";
import { curlLine } from "./token-curl.ts";
import { NewTokenForm } from "./token-form.tsx";

const words = texts.tokens;
const path = "/tokens";

export function TokensPage(): JSX.Element {
  const { query } = usePlace();
  const tokens = useAsked("GET /tokens", {});
  const [made, setMade] = useState<MadeToken>();
  const close = (): void => go(path, "replace");
  const show = (token: MadeToken): void => {
    setMade(token);
    close();
    tokens.again();
  };
  return (
    <>
      <header class="page-head">
        <h1>{texts.menu.tokens}</h1>
        <Button kind="main" onClick={() => go(`${path}?new=`)}>
          {words.add}
        </Button>
      </header>
      <p class="soft">
        {words.says} <a href="/api/reference">{texts.menu.reference}</a>
      </p>
      {made === undefined ? null : (
        <ShownOnce title={words.once(made.token.name)} values={[[words.secret, made.secret]]}>
          <p>{words.try}</p>
          <Code text={curlLine(made, location.origin)} what="curl" />
        </ShownOnce>
      )}
      <Shown asked={tokens}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={words.none} says={words.noneSays} />
          ) : (
            <Tokens items={items} again={tokens.again} />
          )
        }
      </Shown>
      {query.has("new") ? (
        <Dialog title={words.add} onClose={close}>
          <NewTokenForm onMade={show} />
        </Dialog>
      ) : null}
    </>
  );
}

function Tokens({
  items,
  again,
}: {
  readonly items: readonly Token[];
  readonly again: () => void;
}): JSX.Element {
  const { asked, ask } = useSure();
  const revoke = ({ id, name }: Token): void =>
    ask({
      title: words.revokeTitle(name),
      says: words.revokeSays,
      act: words.revoke,
      run: async () => {
        await call("DELETE /tokens/{id}", { parameters: { id } });
        again();
      },
    });
  return (
    <>
      <Table
        label={texts.menu.tokens}
        rows={items}
        keyOf={({ id }) => id}
        columns={[
          { title: words.name, cell: ({ name }) => <b>{name}</b> },
          { title: words.may, cell: ({ sentence }) => sentence },
          { title: words.used, cell: (token) => <Used token={token} /> },
          { title: words.ends, cell: (token) => <End token={token} /> },
          {
            title: "",
            cell: (token) => (
              <Button
                kind="danger"
                aria-label={words.revokeThis(token.name)}
                onClick={() => revoke(token)}
              >
                {words.revoke}
              </Button>
            ),
          },
        ]}
      />
      {asked}
    </>
  );
}

function Used({ token: { usedAt, usedFrom } }: { readonly token: Token }): JSX.Element {
  if (usedAt === null) return <span class="soft">{words.unused}</span>;
  return (
    <>
      <Moment at={usedAt} /> {usedFrom === null ? null : <code>{usedFrom}</code>}
    </>
  );
}

const dayMs = 86_400_000;

/** Its own end, or the one that comes because nobody uses it, whichever is first. */
function End({ token }: { readonly token: Token }): JSX.Element {
  const { expiresAt, unusedDays, usedAt, createdAt } = token;
  const ends = [
    ...(expiresAt === null ? [] : [Date.parse(expiresAt)]),
    ...(unusedDays === null ? [] : [Date.parse(usedAt ?? createdAt) + unusedDays * dayMs]),
  ];
  if (ends.length === 0) return <span class="soft">{words.noEnd}</span>;
  const endMs = Math.min(...ends);
  const end = printDate(new Date(endMs).toISOString());
  if (endMs <= Date.now()) return <b class="state silent">{words.ended(end)}</b>;
  return <>{end}</>;
}
