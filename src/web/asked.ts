/** What a page asked of the API and has now: value, trouble, or neither yet. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { call, troubleOf } from "./api.ts";
import type { Given, Reply, RouteKey, Trouble } from "./api.ts";

export interface Asked<Value> {
  readonly value: Value | undefined;
  readonly trouble: Trouble | undefined;
  readonly isLoading: boolean;
  /** Asks again; what is shown stays until the reply is there. */
  again(): void;
  /** What a change gave back, or an event told. */
  put(change: (value: Value) => Value): void;
}

/** Undefined for `given`: not to be asked now. */
export function useAsked<Key extends RouteKey>(
  key: Key,
  given: Given<Key> | undefined,
  everyMs?: number,
): Asked<Reply<Key>> {
  const [value, setValue] = useState<Reply<Key>>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [isLoading, setLoading] = useState(given !== undefined);
  const [round, setRound] = useState(0);
  const asked = JSON.stringify(given);
  const shown = useRef(asked);
  useEffect(() => {
    if (given === undefined) return undefined;
    let isOver = false;
    if (shown.current !== asked) setValue(undefined);
    shown.current = asked;
    setLoading(true);
    call(key, given)
      .then((reply) => {
        if (isOver) return;
        setValue(() => reply);
        setTrouble(undefined);
      })
      .catch((error: unknown) => {
        if (!isOver) setTrouble(troubleOf(error));
      })
      .finally(() => {
        if (!isOver) setLoading(false);
      });
    return () => {
      isOver = true;
    };
  }, [key, asked, round]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) again();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, again]);
  const put = useCallback((change: (value: Reply<Key>) => Reply<Key>) => {
    setValue((before) => (before === undefined ? before : change(before)));
  }, []);
  return { value, trouble, isLoading, again, put };
}

/** A call that a person makes: what is under way, and what went wrong. */
export function useAct(): {
  readonly isBusy: boolean;
  readonly trouble: Trouble | undefined;
  act(what: () => Promise<unknown>): Promise<boolean>;
  forget(): void;
} {
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  const act = async (what: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setTrouble(undefined);
    try {
      await what();
      return true;
    } catch (error) {
      setTrouble(troubleOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, trouble, act, forget: () => setTrouble(undefined) };
}
