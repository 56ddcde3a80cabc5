/** Keys that work on every page. Never while somebody types, nor together with a key of the browser. */

import { useEffect } from "preact/hooks";
import { go } from "./place.ts";

const goals: Readonly<Record<string, string>> = {
  h: "/hosts",
  a: "/activity",
  d: "/guides",
};
/** How long `g` waits for its second letter. */
const secondKeyMs = 1_000;

export function useKeys(help: () => void): void {
  useEffect(() => {
    let goesAtMs = 0;
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("dialog[open]") !== null) return;
      const goal = Date.now() - goesAtMs < secondKeyMs ? goals[event.key] : undefined;
      goesAtMs = event.key === "g" ? Date.now() : 0;
      if (goal !== undefined) go(goal);
      else if (event.key === "?") help();
      else if (event.key === "n") go("/hosts?new=");
      else if (event.key === "/") search();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

function search(): void {
  const field = document.querySelector<HTMLInputElement>("input[type=search]");
  if (field === null) go("/hosts");
  else field.focus();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, [contenteditable]") !== null
  );
}
