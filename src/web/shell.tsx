/** What stands around every page: rail, keys, and the page the address bar names. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { SignedInContext } from "./account.ts";
import type { Account } from "./account.ts";
import { call } from "./api.ts";
import type { Reply } from "./api.ts";
import { useKeys } from "./keys.ts";
import { pages } from "./page-table.ts";
import type { PageRow } from "./page-table.ts";
import type { PageProps } from "./page-props.ts";
import { Button, LinkButton } from "./parts/button.tsx";
import { Dialog } from "./parts/dialog.tsx";
import { mustEnrol, SecondFactorNote } from "./parts/second-factor-note.tsx";
import { matchPath } from "./path-pattern.ts";
import { go, usePlace } from "./place.ts";
import { texts } from "./texts.ts";

interface ShellProps {
  readonly greeting: Reply<"GET /greeting">;
  readonly account: Account;
  greet(): Promise<void>;
}

export function Shell({ greeting, account, greet }: ShellProps): JSX.Element {
  const { path } = usePlace();
  const [isHelping, setHelping] = useState(false);
  useKeys(() => setHelping(true));
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  // After a change of the page a screen reader goes on at its content, not at the link that is gone.
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [path]);
  const isToEnrol = mustEnrol(account) && path !== "/account";
  useEffect(() => {
    if (isToEnrol) go("/account", "replace");
  }, [isToEnrol]);
  const mayShow = (row: PageRow): boolean => row.rail !== "admin" || account.role === "admin";
  const shown = pages.filter(mayShow);
  const found = find(shown, path);
  useEffect(() => {
    document.title = `${found?.row.title ?? texts.notFound.title} · ${greeting.brand.name}`;
  }, [found?.row.title, greeting.brand.name]);
  return (
    <SignedInContext.Provider value={{ account, greeting, greet }}>
      <a class="skip" href="#content">
        {texts.menu.skip}
      </a>
      <div class="shell">
        <Rail {...{ greeting, account, greet, shown, path }} />
        <main id="content" tabIndex={-1} ref={main}>
          <SecondFactorNote account={account} path={path} />
          {found === undefined ? (
            <NoPage />
          ) : (
            <found.row.Page key={keyOf(found.row)} parameters={found.parameters} />
          )}
        </main>
      </div>
      {isHelping ? <KeysHelp onClose={() => setHelping(false)} /> : null}
    </SignedInContext.Provider>
  );
}

function find(
  rows: readonly PageRow[],
  path: string,
): ({ readonly row: PageRow } & PageProps) | undefined {
  for (const row of rows) {
    const parameters = matchPath(row.path, path);
    if (parameters !== undefined) return { row, parameters };
  }
  return undefined;
}

/** Two paths of one page keep its state. */
function keyOf(row: PageRow): string {
  return row.Page.name;
}

function Rail({
  greeting,
  account,
  greet,
  shown,
  path,
}: ShellProps & { readonly shown: readonly PageRow[]; readonly path: string }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  const signOut = async (): Promise<void> => {
    await call("DELETE /session", {});
    await greet();
  };
  const links = (rail: "own" | "admin"): JSX.Element[] =>
    shown
      .filter((row) => row.rail === rail)
      .map((row) => (
        <a key={row.path} href={row.path} aria-current={isHere(row, path) ? "page" : undefined}>
          {row.title}
        </a>
      ));
  const adminLinks = links("admin");
  return (
    <header class={isOpen ? "rail open" : "rail"}>
      <div class="rail-top">
        <a class="brand" href="/hosts">
          {greeting.brand.hasLogo ? <img src="/brand/logo" alt="" /> : <span class="mark" />}
          {greeting.brand.name}
        </a>
        <button
          type="button"
          class="button plain rail-button"
          aria-expanded={isOpen}
          aria-controls="rail-links"
          onClick={() => setOpen(!isOpen)}
        >
          {texts.menu.more}
        </button>
      </div>
      <div id="rail-links" class="rail-links">
        <nav aria-label={texts.menu.rail}>
          {links("own")}
          {adminLinks.length === 0 ? null : <p class="rail-title">{texts.menu.admin}</p>}
          {adminLinks}
        </nav>
        <div class="rail-foot">
          <span>{account.name}</span>
          <Button kind="quiet" onClick={() => void signOut()}>
            {texts.menu.signOut}
          </Button>
          <a href="/api/reference" target="_blank" rel="noreferrer">
            {texts.menu.reference}
          </a>
          <small>{texts.menu.version(greeting.version)}</small>
        </div>
      </div>
    </header>
  );
}

function isHere(row: PageRow, path: string): boolean {
  if (row.path === "/hosts" && path === "/") return true;
  if (row.path === "/admin") return path === row.path; // the pages below have rows of their own
  return path === row.path || path.startsWith(`${row.path}/`);
}

function NoPage(): JSX.Element {
  return (
    <>
      <h1>{texts.notFound.title}</h1>
      <p>{texts.notFound.says}</p>
      <LinkButton href="/hosts">{texts.notFound.home}</LinkButton>
    </>
  );
}

function KeysHelp({ onClose }: { readonly onClose: () => void }): JSX.Element {
  return (
    <Dialog title={texts.keys.title} onClose={onClose}>
      <dl class="keys">
        {texts.keys.rows.map(([key, says]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
