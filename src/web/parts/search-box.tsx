/** Search as it is typed; what is searched for stands in the address bar. */

import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { go } from "../place.ts";
import { textOf } from "./field.tsx";

const typingMs = 250;

export function SearchBox({
  label,
  hint,
  path,
  q,
  words = [],
}: {
  readonly label: string;
  readonly hint: string;
  /** Of the page: the search is its query. */
  readonly path: string;
  readonly q: string;
  /** What is offered while somebody types. */
  readonly words?: readonly string[];
}): JSX.Element {
  const [text, setText] = useState(q);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();
  useEffect(() => setText(q), [q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (value: string): void => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => go(searchHref(path, value), "replace"), typingMs);
  };
  return (
    <search>
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        title={hint}
        list={id}
        spellcheck={false}
        autocapitalize="none"
        value={text}
        onInput={(event) => search(textOf(event))}
      />
      <datalist id={id}>
        {words.map((word) => (
          <option key={word} value={word} />
        ))}
      </datalist>
    </search>
  );
}

export function searchHref(path: string, q: string): string {
  return q.trim() === "" ? path : `${path}?${new URLSearchParams({ q }).toString()}`;
}
