/** Where the person is: path and query of the address bar, changed without a load. */

import { useEffect, useState } from "preact/hooks";

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const listeners = new Set<() => void>();

export function go(to: string, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", to);
  else history.replaceState(null, "", to);
  for (const listener of listeners) listener();
}

export function usePlace(): Place {
  const [, setRound] = useState(0);
  useEffect(() => {
    const look = (): void => setRound((before) => before + 1);
    listeners.add(look);
    addEventListener("popstate", look);
    return () => {
      listeners.delete(look);
      removeEventListener("popstate", look);
    };
  }, []);
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

/** A click that the page itself answers: not one for another tab, and not on a link out of here. */
export function followLinks(): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.target !== "" || link.hasAttribute("download"))
      return;
    if (link.origin !== location.origin || /^\/(api|status)(\/|$)/.test(link.pathname)) return;
    if (link.hash !== "" && link.pathname === location.pathname) return;
    event.preventDefault();
    go(link.pathname + link.search);
    scrollTo(0, 0);
  });
}

/** A one-time secret of a link: `#setup=TOKEN`. Taken out of the address bar, so that it is in no history. */
export function takeFragment(): { readonly kind: string; readonly token: string } | undefined {
  const found = /^#(setup|invitation|reset|confirm)=([\w-]+)$/.exec(location.hash);
  if (found === null) return undefined;
  history.replaceState(null, "", location.pathname + location.search);
  return { kind: found[1] ?? "", token: found[2] ?? "" };
}
