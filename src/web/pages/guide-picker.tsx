/** Which device it is: found by name, maker or the words on its box. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Reply } from "../api.ts";
import { useAsked } from "../asked.ts";
import { Empty, Shown } from "../parts/empty.tsx";
import { textOf } from "../parts/field.tsx";
import { texts } from "../texts.ts";

type GuideRow = Reply<"GET /guides">["items"][number];

export function GuidePicker({ onPick }: { readonly onPick: (id: string) => void }): JSX.Element {
  const asked = useAsked("GET /guides", {});
  const [words, setWords] = useState("");
  return (
    <div class="picker">
      <input
        type="search"
        aria-label={texts.guide.search}
        placeholder={texts.guide.search}
        value={words}
        onInput={(event) => setWords(textOf(event))}
      />
      <Shown asked={asked}>
        {({ items }) => {
          const found = items.filter((guide) => matches(guide, words));
          if (found.length === 0)
            return <Empty title={texts.guide.none} says={texts.guide.noneSays} />;
          return (
            <ul class="guides">
              {found.map((guide) => (
                <li key={guide.id}>
                  <button type="button" class="guide-choice" onClick={() => onPick(guide.id)}>
                    <b>{guide.name}</b>
                    <small>{guide.kind}</small>
                  </button>
                </li>
              ))}
            </ul>
          );
        }}
      </Shown>
    </div>
  );
}

function matches(guide: GuideRow, words: string): boolean {
  const all = [guide.name, guide.kind, ...guide.words].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
