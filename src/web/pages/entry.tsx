/** What somebody sees who is not signed in: sign-in, sign-up, a forgotten password, and what links of mails lead to. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Shown } from "../parts/empty.tsx";
import { Form } from "../parts/form.tsx";
import { Field, textOf } from "../parts/field.tsx";
import { texts } from "../texts.ts";
import { AccountForm, NewPassword } from "./account-form.tsx";
import { SecondFactorForm, SignInForm } from "./sign-in.tsx";
import type { SecondFactor, SignInReply } from "./sign-in.tsx";

interface EntryProps {
  readonly greeting: Reply<"GET /greeting">;
  readonly linkIs: { readonly kind: string; readonly token: string } | undefined;
  onIn(): Promise<void>;
}

export function EntryPage({ greeting, linkIs, onIn }: EntryProps): JSX.Element {
  const [wanted, setWanted] = useState<SecondFactor>();
  const [way, setWay] = useState<"sign-in" | "forgot" | "sign-up">("sign-in");
  const onReply = (reply: SignInReply): void => {
    if (reply.state === "second-factor") setWanted(reply);
    else void onIn();
  };
  if (wanted !== undefined) {
    return (
      <EntryFrame greeting={greeting} title={texts.signIn.second}>
        <SecondFactorForm wanted={wanted} onReply={onReply} />
      </EntryFrame>
    );
  }
  if (linkIs !== undefined)
    return <LinkEntry {...{ greeting, onReply }} {...linkIs} onEnd={() => void onIn()} />;
  const back = (
    <Button kind="quiet" onClick={() => setWay("sign-in")}>
      {texts.links.toSignIn}
    </Button>
  );
  if (way === "forgot") {
    return (
      <EntryFrame greeting={greeting} title={texts.links.forgotTitle}>
        <Forgotten />
        {back}
      </EntryFrame>
    );
  }
  if (way === "sign-up") {
    return (
      <EntryFrame greeting={greeting} title={texts.links.signUpTitle}>
        <SignUp />
        {back}
      </EntryFrame>
    );
  }
  return (
    <EntryFrame greeting={greeting} title={texts.signIn.title}>
      <SignInForm onReply={onReply} />
      <div class="entry-foot">
        {greeting.canReset ? (
          <Button kind="quiet" onClick={() => setWay("forgot")}>
            {texts.signIn.forgot}
          </Button>
        ) : null}
        {greeting.signUp === "open" ? (
          <Button kind="quiet" onClick={() => setWay("sign-up")}>
            {texts.signIn.signUp}
          </Button>
        ) : (
          <small>{texts.signIn.closed}</small>
        )}
      </div>
    </EntryFrame>
  );
}

export function EntryFrame({
  greeting,
  title,
  children,
  isWide = false,
}: {
  readonly greeting: Reply<"GET /greeting">;
  readonly title: string;
  readonly children: ComponentChildren;
  readonly isWide?: boolean;
}): JSX.Element {
  return (
    <div class={isWide ? "entry wide" : "entry"}>
      <header class="brand">
        {greeting.brand.hasLogo ? <img src="/brand/logo" alt="" /> : <span class="mark" />}
        {greeting.brand.name}
      </header>
      <main class="card">
        <h1>{title}</h1>
        {children}
      </main>
      <footer>
        <a href="/status">{texts.signIn.status}</a>
      </footer>
    </div>
  );
}

interface LinkProps {
  readonly greeting: Reply<"GET /greeting">;
  readonly kind: string;
  readonly token: string;
  onReply(reply: SignInReply): void;
  onEnd(): void;
}

function LinkEntry(props: LinkProps): JSX.Element {
  switch (props.kind) {
    case "invitation":
      return <Invitation {...props} />;
    case "reset":
      return <ResetPassword {...props} />;
    default:
      return <Confirmation {...props} />;
  }
}

function DeadLink({ onEnd }: { readonly onEnd: () => void }): JSX.Element {
  return (
    <Empty title={texts.links.dead} says={texts.links.deadSays}>
      <Button onClick={onEnd}>{texts.links.toSignIn}</Button>
    </Empty>
  );
}

function Invitation({ greeting, token, onReply, onEnd }: LinkProps): JSX.Element {
  const asked = useAsked("POST /invitation/check", { body: { token } });
  const isDead = asked.trouble !== undefined && asked.trouble.problem.status > 0;
  return (
    <EntryFrame greeting={greeting} title={texts.links.invitationTitle}>
      {isDead ? (
        <DeadLink onEnd={onEnd} />
      ) : (
        <Shown asked={asked}>
          {(invitation) => (
            <>
              <p>{texts.links.invitationSays(invitation.role)}</p>
              <AccountForm
                {...(invitation.mail === null ? {} : { mail: invitation.mail })}
                submit={async ({ name, mail, password }) => {
                  const body = { token, name, password, ...(mail === "" ? {} : { mail }) };
                  onReply(await call("POST /invitation/accept", { body }));
                }}
              />
            </>
          )}
        </Shown>
      )}
    </EntryFrame>
  );
}

function ResetPassword({ greeting, token, onReply }: LinkProps): JSX.Element {
  const [password, setPassword] = useState("");
  const set = async (): Promise<void> =>
    onReply(await call("POST /password-reset/finish", { body: { token, password } }));
  return (
    <EntryFrame greeting={greeting} title={texts.links.resetTitle}>
      <Form submit={set} word={texts.common.save}>
        {(faultAt) => (
          <NewPassword value={password} put={setPassword} fault={faultAt("/password")} />
        )}
      </Form>
    </EntryFrame>
  );
}

/** A new account is let in; another address of an account that is there is confirmed by who is signed in to it. */
function Confirmation({ greeting, token, onReply, onEnd }: LinkProps): JSX.Element {
  const { act, trouble, forget } = useAct();
  const [wanted, setWanted] = useState<SecondFactor>();
  const confirm = (): Promise<boolean> =>
    act(async () => onReply(await call("POST /sign-up/confirm", { body: { token } })));
  useEffect(() => void confirm(), [token]);
  const onSignedIn = (reply: SignInReply): void => {
    if (reply.state === "second-factor") return setWanted(reply);
    forget();
    void confirm();
  };
  if (trouble?.problem.code === "not-signed-in") {
    return (
      <EntryFrame greeting={greeting} title={texts.signIn.title}>
        <p>{texts.links.confirmSignIn}</p>
        {wanted === undefined ? (
          <SignInForm onReply={onSignedIn} />
        ) : (
          <SecondFactorForm wanted={wanted} onReply={onSignedIn} />
        )}
      </EntryFrame>
    );
  }
  return (
    <EntryFrame greeting={greeting} title={texts.links.confirmTitle}>
      {trouble === undefined ? <p>{texts.common.loading}</p> : <DeadLink onEnd={onEnd} />}
    </EntryFrame>
  );
}

function Forgotten(): JSX.Element {
  const [mail, setMail] = useState("");
  const [isDone, setDone] = useState(false);
  const ask = async (): Promise<void> => {
    await call("POST /password-reset", { body: { mail } });
    setDone(true);
  };
  if (isDone) return <p role="status">{texts.links.forgotDone}</p>;
  return (
    <Form submit={ask} word={texts.links.send}>
      <p>{texts.links.forgotSays}</p>
      <Field
        label={texts.links.mail}
        type="email"
        autocomplete="email"
        required
        value={mail}
        onInput={(event) => setMail(textOf(event))}
      />
    </Form>
  );
}

function SignUp(): JSX.Element {
  const [isDone, setDone] = useState(false);
  if (isDone) return <p role="status">{texts.links.signUpDone}</p>;
  return (
    <AccountForm
      needsMail
      submit={async (body) => {
        await call("POST /sign-up", { body });
        setDone(true);
      }}
    />
  );
}
