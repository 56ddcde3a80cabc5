/** A new device login: for which hosts, from where, and what more it accepts than user name and password. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../api.ts";
import type { Given } from "../api.ts";
import type { MadeLogin } from "../login.ts";
import { Form } from "../parts/form.tsx";
import type { FaultAt } from "../parts/form.tsx";
import { Choice, Field, textOf, Tick } from "../parts/field.tsx";
import { texts } from "../texts.ts";
import { parseWordList } from "../word-list.ts";

type NewLogin = Given<"POST /logins">["body"];
type Accepted = keyof typeof words.accepted;
const words = texts.logins;
const allAccepted = Object.keys(words.accepted) as readonly Accepted[];

/** Where a fault of each is told. */
const pointers = {
  hosts: "/hosts",
  from: "/from/0",
  defaultHost: "/defaultHost",
  username: "/username",
  password: "/password",
} as const;

const nothing = { hosts: "", from: "", defaultHost: "", username: "", password: "" };

export function NewLoginForm({
  onMade,
}: {
  readonly onMade: (made: MadeLogin) => void;
}): JSX.Element {
  const [typed, setTyped] = useState(nothing);
  const [scope, setScope] = useState<"all" | "challenges">("all");
  const [accepts, setAccepts] = useState<readonly Accepted[]>([]);
  const field = (
    faultAt: FaultAt,
    key: keyof typeof pointers,
    rest: { readonly autofocus?: boolean; readonly maxLength?: number } = {},
  ): JSX.Element => (
    <Field
      {...rest}
      label={words.fields[key]}
      says={words.fieldsSay[key]}
      fault={faultAt(pointers[key])}
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      value={typed[key]}
      onInput={(event) => {
        const text = textOf(event);
        setTyped((before) => ({ ...before, [key]: text }));
      }}
    />
  );
  const make = async (): Promise<void> => {
    const body = { ...bodyOf(typed), scope, accepts: [...accepts] };
    onMade(await call("POST /logins", { body }));
  };
  return (
    <Form submit={make} word={words.make}>
      {(faultAt) => (
        <>
          {field(faultAt, "hosts", { autofocus: true })}
          <Choice
            label={words.may}
            value={scope}
            onChange={(event) => setScope(textOf(event) === "challenges" ? "challenges" : "all")}
          >
            <option value="all">{words.scopes.all}</option>
            <option value="challenges">{words.scopes.challenges}</option>
          </Choice>
          {field(faultAt, "from")}
          {field(faultAt, "defaultHost")}
          <fieldset class="ticks">
            <legend>{words.acceptsToo}</legend>
            {allAccepted.map((kind) => (
              <Tick
                key={kind}
                label={words.accepted[kind]}
                says={words.weakens[kind]}
                isOn={accepts.includes(kind)}
                put={(isOn) =>
                  setAccepts(
                    allAccepted.filter((one) => (one === kind ? isOn : accepts.includes(one))),
                  )
                }
              />
            ))}
          </fieldset>
          {field(faultAt, "username", { maxLength: 128 })}
          {field(faultAt, "password", { maxLength: 128 })}
        </>
      )}
    </Form>
  );
}

/** What is left empty is made by the service, or is no limit. */
function bodyOf(typed: typeof nothing): NewLogin {
  const hosts = [...parseWordList(typed.hosts)];
  const { username, password } = typed;
  const defaultHost = typed.defaultHost.trim();
  return {
    hosts: hosts.length === 0 ? "all" : hosts,
    from: [...parseWordList(typed.from)],
    ...(defaultHost === "" ? {} : { defaultHost }),
    ...(username === "" ? {} : { username }),
    ...(password === "" ? {} : { password }),
  };
}
