/** The own account: how one signs in, where one is signed in, what was done with it, and leaving. */

import type { JSX } from "preact";
import { useSignedIn } from "../account.ts";
import { useAsked } from "../asked.ts";
import { useKeyset } from "../keyset.ts";
import { texts } from "../texts.ts";
import { OwnAudit } from "./account-audit.tsx";
import { Channels } from "./account-channels.tsx";
import { Leave, Leaving } from "./account-leave.tsx";
import { Mail } from "./account-mail.tsx";
import { Passkeys } from "./account-passkeys.tsx";
import { Password } from "./account-password.tsx";
import { SecondFactor } from "./account-second-factor.tsx";
import { Sessions } from "./account-sessions.tsx";

export function AccountPage(): JSX.Element {
  const { greet } = useSignedIn();
  const sessions = useAsked("GET /account/sessions", {});
  const audit = useKeyset("GET /account/audit", "");
  // Most changes end other sessions, and all of them are in the trail.
  const changed = async (): Promise<void> => {
    await greet();
    sessions.again();
    audit.again();
  };
  return (
    <>
      <h1>{texts.menu.account}</h1>
      <Leaving changed={changed} />
      <Password changed={changed} />
      <SecondFactor changed={changed} />
      <Passkeys changed={changed} />
      <Mail changed={changed} />
      <Channels changed={changed} />
      <Sessions sessions={sessions} changed={changed} />
      <OwnAudit audit={audit} />
      <Leave changed={changed} />
    </>
  );
}
