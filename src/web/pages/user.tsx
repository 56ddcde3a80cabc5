/** One account as an administrator sees it: what it is, what it may, and what can be done with it. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSignedIn } from "../account.ts";
import { call } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import type { PageProps } from "../page-props.ts";
import { Button } from "../parts/button.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { Fact } from "../parts/fact.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { Moment } from "../parts/moment.tsx";
import { QuotaBar } from "../parts/quota-bar.tsx";
import { searchHref } from "../parts/search-box.tsx";
import { toast } from "../parts/toast.tsx";
import { UserState } from "../parts/user-state.tsx";
import { texts } from "../texts.ts";
import type { User, UserProps } from "../user.ts";
import { UserActs } from "./user-acts.tsx";

const words = texts.users;
const quotaKinds = ["hosts", "logins", "tokens"] as const;

export function UserPage({ parameters: { name = "" } }: PageProps): JSX.Element {
  const asked = useAsked("GET /users/{name}", { parameters: { name } });
  return (
    <>
      <header class="page-head">
        <h1>{name}</h1>
        <a href="/admin/users">{words.back}</a>
      </header>
      <Shown asked={asked}>
        {(user) => (
          <>
            <Facts user={user} />
            <Limits key={JSON.stringify(user.ownQuota)} user={user} again={asked.again} />
            <UserActs user={user} again={asked.again} />
          </>
        )}
      </Shown>
    </>
  );
}

function Facts({ user }: { readonly user: User }): JSX.Element {
  const { account } = useSignedIn();
  const { name, hosts, quota } = user;
  return (
    <section class="card">
      {account.name === name ? <p class="soft">{words.own}</p> : null}
      <dl class="facts">
        <Fact title={words.columns.state}>
          <UserState state={user.state} />
        </Fact>
        <Fact title={words.columns.role}>{words.roles[user.role]}</Fact>
        <Fact title={words.mail}>{user.mail ?? words.noMail}</Fact>
        <Fact title={words.columns.second}>
          {user.hasSecondFactor ? words.second.yes : words.second.no}
        </Fact>
        <Fact title={words.columns.seen}>
          <Moment at={user.seenAt} />
        </Fact>
        <Fact title={words.made}>
          <Moment at={user.createdAt} />
        </Fact>
        {quotaKinds.map((kind) => (
          <Fact key={kind} title={words.columns[kind]}>
            <QuotaBar what={kind} used={user[kind]} most={quota[kind]} />
          </Fact>
        ))}
      </dl>
      <p class="row links">
        <a href={searchHref("/hosts", `owner:${name}`)}>{words.itsHosts(hosts)}</a>
        <a href={searchHref("/admin/audit", `actor:${name}`)}>{words.did}</a>
        <a href={searchHref("/admin/audit", `target:${name}`)}>{words.done}</a>
      </p>
    </section>
  );
}

function Limits({ user, again }: UserProps): JSX.Element {
  const { name, ownQuota, quota } = user;
  const [texted, setTexted] = useState({
    hosts: String(ownQuota.hosts ?? ""),
    logins: String(ownQuota.logins ?? ""),
    tokens: String(ownQuota.tokens ?? ""),
  });
  const { act, isBusy, trouble } = useAct();
  const numberOf = (text: string): number | null => (text.trim() === "" ? null : Number(text));
  const save = async (): Promise<void> => {
    await call("PATCH /users/{name}", {
      parameters: { name },
      body: {
        quota: {
          hosts: numberOf(texted.hosts),
          logins: numberOf(texted.logins),
          tokens: numberOf(texted.tokens),
        },
      },
    });
    toast(words.changed);
    again();
  };
  return (
    <section class="card">
      <h2>{words.quota}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(save);
        }}
      >
        <p>{words.quotaSays}</p>
        <div class="limits">
          {quotaKinds.map((kind) => (
            <Field
              key={kind}
              label={words.columns[kind]}
              says={ownQuota[kind] === null ? words.usual(quota[kind]) : undefined}
              type="number"
              min={0}
              inputMode="numeric"
              fault={trouble?.faultAt(`/quota/${kind}`)}
              value={texted[kind]}
              onInput={(event) => setTexted({ ...texted, [kind]: textOf(event) })}
            />
          ))}
        </div>
        <TroubleNote trouble={trouble} />
        <Button type="submit" isBusy={isBusy}>
          {words.quotaSave}
        </Button>
      </form>
    </section>
  );
}
