/** What stands where nothing is yet, or where something went wrong: the cause, and the next step. */

import type { ComponentChildren, JSX } from "preact";
import type { Trouble } from "../api.ts";
import type { Asked } from "../asked.ts";
import { texts } from "../texts.ts";
import { Button } from "./button.tsx";

export function Empty({
  title,
  says,
  children,
}: {
  readonly title: string;
  readonly says: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <h2>{title}</h2>
      <p>{says}</p>
      {children}
    </div>
  );
}

export function TroubleNote({
  trouble,
  again,
}: {
  readonly trouble: Trouble | undefined;
  readonly again?: () => void;
}): JSX.Element | null {
  if (trouble === undefined) return null;
  const { title, hint, requestId, errors = [] } = trouble.problem;
  return (
    <div class="trouble" role="alert">
      <p>
        <strong>{title}</strong> {hint}
      </p>
      {errors.length === 0 ? null : (
        <ul>
          {errors.map((error) => (
            <li key={error.pointer}>
              {error.pointer.replace(/^\//, "")}: {error.detail}
            </li>
          ))}
        </ul>
      )}
      {requestId === "" ? null : <small>{texts.trouble.request(requestId)}</small>}
      {again === undefined ? null : <Button onClick={again}>{texts.common.again}</Button>}
    </div>
  );
}

/** Shows what was asked for when it is there; until then that it loads, or why not. */
export function Shown<Value>({
  asked,
  children,
}: {
  readonly asked: Asked<Value>;
  readonly children: (value: Value) => ComponentChildren;
}): JSX.Element {
  return (
    <>
      <TroubleNote trouble={asked.trouble} again={asked.again} />
      {asked.value === undefined && asked.trouble === undefined ? (
        <p class="loading">{texts.common.loading}</p>
      ) : null}
      {asked.value === undefined ? null : children(asked.value)}
    </>
  );
}
