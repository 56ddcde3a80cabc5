/** Events of the API as they happen; where a stream cannot be held, the page asks every few seconds instead. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { EventName, EventOf, EventTopic } from "../api/contract.ts";
import { urlOf } from "./api.ts";

export type Hear = { readonly [Name in EventName]?: (data: EventOf<Name>) => void };

/** How long a stream may fail before the page asks by itself. */
const patienceMs = 5_000;

/** True while events arrive. `poll` is called every five seconds while they do not. */
export function useLive(
  question: { readonly topics?: readonly EventTopic[]; readonly ticket?: string } | undefined,
  hear: Hear,
  poll?: () => void,
): boolean {
  const [isOpen, setOpen] = useState(false);
  const heard = useRef({ hear, poll });
  heard.current = { hear, poll };
  const url =
    question === undefined
      ? undefined
      : urlOf("GET /events", {
          query: { topics: question.topics?.join(","), ticket: question.ticket },
        });
  useEffect(() => {
    if (url === undefined) return undefined;
    const source = new EventSource(url);
    source.onopen = () => setOpen(true);
    source.onerror = () => setOpen(false);
    for (const name of ["receipt", "host", "counters", "request"] as const) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        const listener = heard.current.hear[name] as ((data: unknown) => void) | undefined;
        listener?.(JSON.parse(event.data));
      });
    }
    return () => source.close();
  }, [url]);
  useEffect(() => {
    if (url === undefined || isOpen) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) heard.current.poll?.();
    }, patienceMs);
    return () => clearInterval(timer);
  }, [url, isOpen]);
  return isOpen;
}
