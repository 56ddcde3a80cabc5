/** A new API token: what it is for, and what narrows it. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSignedIn } from "../account.ts";
import { call } from "../api.ts";
import type { Given } from "../api.ts";
import { Form } from "../parts/form.tsx";
import { Choice, Field, textOf, Tick } from "../parts/field.tsx";
import { texts } from "../texts.ts";
import type { MadeToken } from "../token.ts";
import { parseWordList } from "../word-list.ts";

type Action = Given<"POST /tokens">["body"]["policy"]["actions"][number];
const words = texts.tokens;
const allActions = Object.keys(words.actions) as readonly Action[];

/** What people make tokens for, the narrowest first. */
const purposes: Readonly<Record<keyof typeof words.purposes, readonly Action[]>> = {
  watch: ["hosts:read", "receipts:read"],
  addresses: ["addresses:write"],
  certificates: ["records:read", "records:write"],
  hosts: [
    "hosts:read",
    "hosts:write",
    "addresses:write",
    "logins:read",
    "logins:write",
    "receipts:read",
  ],
};

/** Where a fault of each is told. */
const pointers = {
  names: "/policy/names/0",
  zones: "/policy/zones/0",
  types: "/policy/types/0",
  from: "/from/0",
} as const;

/** The limits of a token as they are typed. */
const noLimits = { names: "", zones: "", types: "", from: "", days: "", unusedDays: "" };
type Limits = typeof noLimits;

export function NewTokenForm({
  onMade,
}: {
  readonly onMade: (made: MadeToken) => void;
}): JSX.Element {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<readonly Action[]>(purposes.watch);
  const [limits, setLimits] = useState<Limits>(noLimits);
  const put = (change: Partial<Limits>): void => setLimits((before) => ({ ...before, ...change }));
  const make = async (): Promise<void> => {
    const body = { name, ...bodyOf(chosen, limits) };
    onMade(await call("POST /tokens", { body }));
  };
  return (
    <Form submit={make} word={words.make} isOff={chosen.length === 0}>
      {(faultAt) => (
        <>
          <Field
            label={words.name}
            says={words.nameSays}
            fault={faultAt("/name")}
            autofocus
            required
            maxLength={100}
            value={name}
            onInput={(event) => setName(textOf(event))}
          />
          <Actions
            chosen={chosen}
            put={(actions, types) => {
              setChosen(actions);
              if (types !== undefined) put({ types });
            }}
          />
          <LimitFields limits={limits} put={put} faultAt={faultAt} />
        </>
      )}
    </Form>
  );
}

function bodyOf(actions: readonly Action[], limits: Limits) {
  const list = (text: string): string[] | undefined => {
    const found = [...parseWordList(text)];
    return found.length === 0 ? undefined : found;
  };
  const number = (text: string): number | null => (text.trim() === "" ? null : Number(text));
  const [zones, names, types] = [list(limits.zones), list(limits.names), list(limits.types)];
  return {
    policy: {
      actions: [...actions],
      ...(zones === undefined ? {} : { zones }),
      ...(names === undefined ? {} : { names }),
      ...(types === undefined ? {} : { types }),
    },
    from: list(limits.from) ?? [],
    days: number(limits.days),
    unusedDays: number(limits.unusedDays),
  };
}

function Actions({
  chosen,
  put,
}: {
  readonly chosen: readonly Action[];
  readonly put: (actions: readonly Action[], types?: string) => void;
}): JSX.Element {
  const { account } = useSignedIn();
  const offered = allActions.filter(
    (action) => account.role === "admin" || !action.startsWith("service:"),
  );
  const purpose = (Object.keys(purposes) as (keyof typeof purposes)[]).find(
    (one) =>
      purposes[one].length === chosen.length &&
      purposes[one].every((action) => chosen.includes(action)),
  );
  return (
    <>
      <Choice
        label={words.purpose}
        value={purpose ?? ""}
        onChange={(event) => {
          const picked = textOf(event) as keyof typeof purposes | "";
          if (picked !== "") put(purposes[picked], picked === "certificates" ? "TXT" : "");
        }}
      >
        {Object.entries(words.purposes).map(([one, says]) => (
          <option key={one} value={one}>
            {says}
          </option>
        ))}
        <option value="" disabled={purpose !== undefined}>
          {words.ownChoice}
        </option>
      </Choice>
      <fieldset class="ticks">
        <legend>{words.may}</legend>
        {offered.map((action) => (
          <Tick
            key={action}
            label={words.actions[action]}
            isOn={chosen.includes(action)}
            put={(isOn) =>
              put(offered.filter((one) => (one === action ? isOn : chosen.includes(one))))
            }
          />
        ))}
      </fieldset>
    </>
  );
}

function LimitFields({
  limits,
  put,
  faultAt,
}: {
  readonly limits: Limits;
  readonly put: (change: Partial<Limits>) => void;
  readonly faultAt: (pointer: string) => string | undefined;
}): JSX.Element {
  const list = (key: keyof typeof pointers): JSX.Element => (
    <Field
      label={words.limits[key]}
      says={words.limitsSay[key]}
      fault={faultAt(pointers[key])}
      autocapitalize="none"
      spellcheck={false}
      value={limits[key]}
      onInput={(event) => put({ [key]: textOf(event) })}
    />
  );
  const days = (key: "days" | "unusedDays"): JSX.Element => (
    <Field
      label={words.limits[key]}
      says={words.limitsSay[key]}
      fault={faultAt(`/${key}`)}
      type="number"
      inputMode="numeric"
      min={1}
      max={3_650}
      value={limits[key]}
      onInput={(event) => put({ [key]: textOf(event) })}
    />
  );
  return (
    <>
      {list("names")}
      {list("zones")}
      {list("types")}
      {list("from")}
      {days("days")}
      {days("unusedDays")}
    </>
  );
}
