/** A line that says what was done, for a few seconds, without taking the focus. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

const shownMs = 5_000;
const shown: { tell?: (line: string) => void } = {};

export function toast(line: string): void {
  shown.tell?.(line);
}

export function Toasts(): JSX.Element {
  const [line, setLine] = useState("");
  shown.tell = setLine;
  useEffect(() => {
    if (line === "") return undefined;
    const timer = setTimeout(() => setLine(""), shownMs);
    return () => clearTimeout(timer);
  }, [line]);
  return (
    <div class="toasts" role="status">
      {line === "" ? null : <p>{line}</p>}
    </div>
  );
}
