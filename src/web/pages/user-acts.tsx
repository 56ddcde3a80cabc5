/** What changes an account as a whole: role, suspension, sign-in, deletion. Each says what it does before it does it. */

import type { ComponentChildren, JSX } from "preact";
import { useSignedIn } from "../account.ts";
import { call } from "../api.ts";
import { useAct } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { TroubleNote } from "../parts/empty.tsx";
import { useSure } from "../parts/sure.tsx";
import type { Question } from "../parts/sure.tsx";
import { toast } from "../parts/toast.tsx";
import { texts } from "../texts.ts";
import { printExact } from "../time.ts";
import type { UserProps } from "../user.ts";

const words = texts.users;

export function UserActs(props: UserProps): JSX.Element {
  const { account } = useSignedIn();
  const { asked, ask } = useSure();
  // Nobody suspends the own account, and what is left of it is done on its own page.
  const isOwn = account.name === props.user.name;
  return (
    <>
      <Role {...props} ask={ask} />
      {isOwn ? null : <Suspension {...props} ask={ask} />}
      <SignIn {...props} ask={ask} />
      {isOwn ? null : <Deletion {...props} ask={ask} />}
      {asked}
    </>
  );
}

type ActProps = UserProps & { readonly ask: (question: Question) => void };

function Act({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="card acts">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Role({ user: { name, role }, again, ask }: ActProps): JSX.Element {
  const isAdmin = role === "admin";
  const change = (): void =>
    ask({
      title: isAdmin ? words.unroleTitle(name) : words.roleTitle(name),
      says: isAdmin ? words.unroleSure : words.roleSure,
      act: words.roleSave,
      async run() {
        const body = { role: isAdmin ? ("user" as const) : ("admin" as const) };
        await call("PATCH /users/{name}", { parameters: { name }, body });
        toast(words.changed);
        again();
      },
    });
  return (
    <Act title={words.role}>
      <p>{words.roleIs[role]}</p>
      <Button onClick={change}>{words.roleSave}</Button>
    </Act>
  );
}

function Suspension({ user, again, ask }: ActProps): JSX.Element {
  const { name, state, hosts } = user;
  const { act, isBusy, trouble } = useAct();
  const set = async (isSuspended: boolean): Promise<void> => {
    await call("PATCH /users/{name}", { parameters: { name }, body: { isSuspended } });
    toast(isSuspended ? words.suspended(name) : words.free(name));
    again();
  };
  const suspend = (): void =>
    ask({
      title: words.suspendTitle(name),
      says: `${words.suspendSays} ${words.suspendHosts(hosts)}`,
      act: words.suspend,
      run: () => set(true),
    });
  const isSuspended = state === "suspended";
  return (
    <Act title={words.suspend}>
      <p>{isSuspended ? words.letGoSays : words.suspendSays}</p>
      <TroubleNote trouble={trouble} />
      {isSuspended ? (
        <Button isBusy={isBusy} onClick={() => void act(() => set(false))}>
          {words.letGo}
        </Button>
      ) : (
        <Button kind="danger" onClick={suspend}>
          {words.suspend}
        </Button>
      )}
    </Act>
  );
}

function SignIn({ user: { name, hasSecondFactor }, again, ask }: ActProps): JSX.Element {
  const parameters = { name };
  const end = (): void =>
    ask({
      title: words.endTitle(name),
      says: words.endSays,
      act: words.end,
      async run() {
        await call("DELETE /users/{name}/sessions", { parameters });
        toast(words.ended(name));
        again();
      },
    });
  const remove = (): void =>
    ask({
      title: words.removeSecondTitle(name),
      says: words.removeSecondSays,
      act: words.removeSecond,
      async run() {
        await call("DELETE /users/{name}/second-factors", { parameters });
        toast(words.removedSecond(name));
        again();
      },
    });
  return (
    <Act title={words.sessions}>
      {hasSecondFactor ? null : <p class="soft">{words.noSecond}</p>}
      <div class="row">
        <Button onClick={end}>{words.end}</Button>
        {hasSecondFactor ? (
          <Button kind="danger" onClick={remove}>
            {words.removeSecond}
          </Button>
        ) : null}
      </div>
    </Act>
  );
}

function Deletion({ user: { name, deletesAt }, again, ask }: ActProps): JSX.Element {
  const parameters = { name };
  const { act, isBusy, trouble } = useAct();
  const keep = async (): Promise<void> => {
    await call("POST /users/{name}/keep", { parameters, body: {} });
    toast(words.kept(name));
    again();
  };
  const remove = (): void =>
    ask({
      title: words.removeTitle(name),
      says: words.removeSays,
      act: words.remove,
      typed: { label: words.removeType(name), text: name },
      async run() {
        await call("DELETE /users/{name}", { parameters });
        again();
      },
    });
  return (
    <Act title={words.remove}>
      {deletesAt === null ? (
        <p>{words.removeSays}</p>
      ) : (
        <p class="warning">{words.goes(printExact(deletesAt))}</p>
      )}
      <TroubleNote trouble={trouble} />
      {deletesAt === null ? (
        <Button kind="danger" onClick={remove}>
          {words.remove}
        </Button>
      ) : (
        <Button isBusy={isBusy} onClick={() => void act(keep)}>
          {words.keep}
        </Button>
      )}
    </Act>
  );
}
