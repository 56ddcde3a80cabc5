/** Events of the API as they happen; where a stream cannot be held, the page asks every few seconds instead. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { EventName, EventOf, EventTopic } from "../api/contract.ts";
import { urlOf } from "./api.ts";

export type Hear = { readonly [Name in EventName]?: (data: EventOf<Name>) => void };

interface LiveQuestion {
  readonly topics?: readonly EventTopic[];
  readonly ticket?: string;
  /** Of receipts: the filter of their list. */
  readonly q?: string;
}

/** How long a stream may fail before the page asks by itself. */
const patienceMs = 5_000;
const refusedMs = 15_000;
const eventNames = ["receipt", "host", "counters", "request"] as const;

/** True while events arrive. `poll` is called every five seconds while they do not. */
export function useLive(
  question: LiveQuestion | undefined,
  hear: Hear,
  poll?: () => void,
): boolean {
  const [isOpen, setOpen] = useState(false);
  const [round, setRound] = useState(0);
  const heard = useRef({ hear, poll });
  heard.current = { hear, poll };
  const url =
    question === undefined
      ? undefined
      : urlOf("GET /events", {
          query: {
            topics: question.topics?.join(","),
            ticket: question.ticket,
            q: question.q,
          },
        });
  useEffect(() => {
    if (url === undefined) return undefined;
    const source = new EventSource(url);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isBroken = false;
    source.onopen = () => {
      setOpen(true);
      // What came meanwhile was told to nobody, or to a stream that is gone.
      if (isBroken) heard.current.poll?.();
      isBroken = false;
    };
    source.onerror = () => {
      setOpen(false);
      isBroken = true;
      // A stream that was refused is not tried again by the browser; one that broke off is.
      if (source.readyState === EventSource.CLOSED)
        timer = setTimeout(() => setRound((before) => before + 1), refusedMs);
    };
    for (const name of eventNames) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        const listener = heard.current.hear[name] as ((data: unknown) => void) | undefined;
        listener?.(JSON.parse(event.data));
      });
    }
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [url, round]);
  useEffect(() => {
    if (url === undefined || isOpen) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) heard.current.poll?.();
    }, patienceMs);
    return () => clearInterval(timer);
  }, [url, isOpen]);
  return isOpen;
}
