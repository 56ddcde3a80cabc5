/** Inviting somebody, by mail or by a link that is handed on, and the invitations that nobody took yet. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSignedIn } from "../account.ts";
import { call } from "../api.ts";
import type { Reply } from "../api.ts";
import { useAct, useAsked } from "../asked.ts";
import { Button } from "../parts/button.tsx";
import { Code } from "../parts/code.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Shown, TroubleNote } from "../parts/empty.tsx";
import { Choice, Field, textOf } from "../parts/field.tsx";
import { Moment } from "../parts/moment.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { Table } from "../parts/table.tsx";
import { toast } from "../parts/toast.tsx";
import { texts } from "../texts.ts";
import { printExact } from "../time.ts";

const words = texts.invitations;

export function Invitations({
  isInviting,
  onClose,
}: {
  readonly isInviting: boolean;
  readonly onClose: () => void;
}): JSX.Element {
  const asked = useAsked("GET /invitations", {});
  const { act, isBusy, trouble } = useAct();
  const takeBack = async (id: string): Promise<void> => {
    await call("DELETE /invitations/{id}", { parameters: { id } });
    toast(words.takenBack);
    asked.again();
  };
  return (
    <section>
      <h2>{words.title}</h2>
      <TroubleNote trouble={trouble} />
      <Shown asked={asked}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="soft">{words.none}</p>
          ) : (
            <Table
              label={words.title}
              rows={items}
              keyOf={({ id }) => id}
              columns={[
                { title: words.forWhom, cell: ({ mail }) => mail ?? words.whoever },
                { title: texts.users.role, cell: ({ role }) => texts.users.roles[role] },
                { title: words.by, cell: ({ by }) => by, isRare: true },
                { title: words.until, cell: ({ expiresAt }) => printExact(expiresAt) },
                {
                  title: texts.users.made,
                  cell: ({ createdAt }) => <Moment at={createdAt} />,
                  isRare: true,
                },
                {
                  title: "",
                  cell: ({ id }) => (
                    <Button
                      kind="danger"
                      isBusy={isBusy}
                      onClick={() => void act(() => takeBack(id))}
                    >
                      {words.takeBack}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Shown>
      {isInviting ? (
        <Dialog title={words.invite} onClose={onClose}>
          <InvitationForm onMade={asked.again} />
        </Dialog>
      ) : null}
    </section>
  );
}

function InvitationForm({ onMade }: { readonly onMade: () => void }): JSX.Element {
  const { greeting } = useSignedIn();
  const [mail, setMail] = useState("");
  const [role, setRole] = useState<"user" | "admin">("user");
  const [made, setMade] = useState<Reply<"POST /invitations">>();
  const { act, isBusy, trouble } = useAct();
  if (made !== undefined) return <Link made={made} />;
  const make = async (): Promise<void> => {
    const body = { role, ...(mail.trim() === "" ? {} : { mail: mail.trim() }) };
    setMade(await call("POST /invitations", { body }));
    onMade();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void act(make);
      }}
    >
      <Field
        label={`${words.mail} (${texts.common.optional})`}
        // Mails are sent, or none are: the same holds for a forgotten password.
        says={greeting.canReset ? words.mailSays : words.noMailSays}
        type="email"
        autocomplete="off"
        autofocus
        fault={trouble?.faultAt("/mail")}
        value={mail}
        onInput={(event) => setMail(textOf(event))}
      />
      <Choice
        label={texts.users.role}
        says={texts.users.roleSays}
        value={role}
        onChange={(event) => setRole(textOf(event) === "admin" ? "admin" : "user")}
      >
        <option value="user">{texts.users.roles.user}</option>
        <option value="admin">{texts.users.roles.admin}</option>
      </Choice>
      <TroubleNote trouble={trouble} />
      <Button kind="main" type="submit" isBusy={isBusy}>
        {words.make}
      </Button>
    </form>
  );
}

function Link({ made }: { readonly made: Reply<"POST /invitations"> }): JSX.Element {
  const { invitation, link, isMailed } = made;
  return (
    <div class="invitation" role="status">
      <p>{isMailed ? words.sent(invitation.mail ?? "") : words.once}</p>
      <Code text={link} what={words.link} />
      <QrCode text={link} label={words.qr} />
    </div>
  );
}
