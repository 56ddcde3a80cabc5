/** The service itself: version, how long it runs, its store, and how much it has. */

import type { JSX } from "preact";
import type { Reply } from "../api.ts";
import { texts } from "../texts.ts";
type Overview = Reply<"GET /overview">;

const words = texts.overview;

export function Service({ overview }: { readonly overview: Overview }): JSX.Element {
  const { version, upSeconds, store, commit, sizes } = overview;
  const isKnown = commit.p50Ms !== null && commit.p99Ms !== null;
  const facts: readonly (readonly [string, string])[] = [
    [words.version, version],
    [words.up, printSpan(upSeconds)],
    [
      words.store,
      `${store.state === "ready" ? words.storeStates.ready : words.storeStates.other(store.state)} ${store.why ?? ""}`,
    ],
    [
      words.commit,
      isKnown
        ? words.commitSays(words.ms(commit.p50Ms ?? 0), words.ms(commit.p99Ms ?? 0))
        : words.unknown,
    ],
    ...(["zones", "hosts", "users", "logins"] as const).map(
      (name) => [words.sizes[name], (sizes[name] ?? 0).toLocaleString("en")] as const,
    ),
  ];
  return (
    <>
      <h2>{words.service}</h2>
      <dl class="facts">
        {facts.map(([title, text]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** The two greatest units are enough. */
function printSpan(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), words.days],
    [Math.floor(seconds / 3_600) % 24, words.hours],
    [Math.floor(seconds / 60) % 60, words.minutes],
    [Math.floor(seconds) % 60, words.seconds],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first === -1) return words.seconds(0);
  return parts
    .slice(first, first + 2)
    .map(([amount, print]) => print(amount))
    .join(", ");
}
