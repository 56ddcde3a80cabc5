/** Device logins: what each may do, a new one shown once, and revoking. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { CopyButton } from "../parts/copy-button.tsx";
import { Empty, Shown, TroubleNote } from "../parts/empty.tsx";
import { Field, textOf, Tick } from "../parts/field.tsx";
import { Table } from "../parts/table.tsx";
import { texts } from "../texts.ts";

type Login = Reply<"GET /logins">["items"][number];
const words = texts.logins;

export function LoginsPage(): JSX.Element {
  const logins = useAsked("GET /logins", { query: { limit: 200 } });
  return (
    <>
      <h1>{texts.menu.logins}</h1>
      <NewLogin onMade={logins.again} />
      <Shown asked={logins}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={words.none} says={words.noneSays} />
          ) : (
            <Logins items={items} again={logins.again} />
          )
        }
      </Shown>
    </>
  );
}

function Logins({
  items,
  again,
}: {
  readonly items: readonly Login[];
  readonly again: () => void;
}): JSX.Element {
  const { act, isBusy, trouble } = useAct();
  const revoke = (login: Login): void => {
    if (!confirm(words.revokeSure(login.username))) return;
    void act(async () => {
      await call("DELETE /logins/{id}", { parameters: { id: login.id } });
      again();
    });
  };
  return (
    <>
      <TroubleNote trouble={trouble} />
      <Table
        label={texts.menu.logins}
        rows={items}
        keyOf={({ id }) => id}
        columns={[
          { title: words.username, cell: ({ username }) => <code>{username}</code> },
          { title: words.may, cell: ({ sentence }) => sentence },
          {
            title: words.accepts,
            cell: ({ accepts }) => [words.nameAndPassword, ...accepts].join(", "),
            isRare: true,
          },
          {
            title: "",
            cell: (login) => (
              <Button kind="danger" isBusy={isBusy} onClick={() => revoke(login)}>
                {words.revoke}
              </Button>
            ),
          },
        ]}
      />
    </>
  );
}

function NewLogin({ onMade }: { readonly onMade: () => void }): JSX.Element {
  const [hosts, setHosts] = useState("");
  const [isToken, setToken] = useState(false);
  const [made, setMade] = useState<{ username: string; password: string }>();
  const { act, isBusy, trouble } = useAct();
  const make = async (): Promise<void> => {
    const named = hosts.split(/[\s,]+/).filter((name) => name !== "");
    const { login, password } = await call("POST /logins", {
      body: {
        hosts: named.length === 0 ? "all" : named,
        ...(isToken ? { accepts: ["token" as const] } : {}),
      },
    });
    setMade({ username: login.username, password });
    onMade();
  };
  return (
    <section class="card">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(make);
        }}
      >
        <Field
          label={words.hosts}
          says={words.hostsSays}
          fault={trouble?.faultAt("/hosts")}
          autocapitalize="none"
          spellcheck={false}
          value={hosts}
          onInput={(event) => setHosts(textOf(event))}
        />
        <Tick label={words.token} isOn={isToken} put={setToken} />
        <TroubleNote trouble={trouble} />
        <Button kind="main" type="submit" isBusy={isBusy}>
          {words.add}
        </Button>
      </form>
      {made === undefined ? null : (
        <div class="shown-once" role="status">
          <p>
            <b>{words.once}</b>
          </p>
          <p>
            {words.username} <code>{made.username}</code>{" "}
            <CopyButton value={made.username} what={words.username} />
          </p>
          <p>
            {words.password} <code>{made.password}</code>{" "}
            <CopyButton value={made.password} what={words.password} />
          </p>
        </div>
      )}
    </section>
  );
}
