/** Every page below the shell: its path, its name, and where it stands in the rail. */

import type { JSX } from "preact";
import { AccountPage } from "./pages/account.tsx";
import { AdaptersPage } from "./pages/adapters.tsx";
import { AuditPage } from "./pages/audit.tsx";
import { BrandPage } from "./pages/brand.tsx";
import { GuidesPage } from "./pages/guides.tsx";
import { HeldPage } from "./pages/held.tsx";
import { HostPage } from "./pages/host.tsx";
import { HostsPage } from "./pages/hosts.tsx";
import { ImportHostsPage } from "./pages/import-hosts.tsx";
import { LabPage } from "./pages/lab.tsx";
import { LoginsPage } from "./pages/logins.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { SettingsPage } from "./pages/settings.tsx";
import { ActivityPage } from "./pages/activity.tsx";
import { TokensPage } from "./pages/tokens.tsx";
import { UserPage } from "./pages/user.tsx";
import { UsersPage } from "./pages/users.tsx";
import { ZonePage } from "./pages/zone.tsx";
import { ZonesPage } from "./pages/zones.tsx";
import type { PageProps } from "./page-props.ts";
import { texts } from "./texts.ts";

export interface PageRow {
  readonly path: string;
  readonly title: string;
  readonly Page: (props: PageProps) => JSX.Element | null;
  /** In the rail, among the person's pages or the operator's. Others are reached from a page. */
  readonly rail?: "own" | "admin";
}

/** The first segment of each path is served by `src/api/dashboard.ts`: a new one goes there too. */
export const pages: readonly PageRow[] = [
  { path: "/", title: texts.menu.hosts, Page: HostsPage },
  { path: "/hosts", title: texts.menu.hosts, Page: HostsPage, rail: "own" },
  { path: "/hosts/import", title: texts.bulk.title, Page: ImportHostsPage },
  { path: "/hosts/{name}", title: texts.menu.hosts, Page: HostPage },
  { path: "/hosts/{name}/{tab}", title: texts.menu.hosts, Page: HostPage },
  { path: "/activity", title: texts.menu.activity, Page: ActivityPage, rail: "own" },
  { path: "/logins", title: texts.menu.logins, Page: LoginsPage, rail: "own" },
  { path: "/tokens", title: texts.menu.tokens, Page: TokensPage, rail: "own" },
  { path: "/account", title: texts.menu.account, Page: AccountPage, rail: "own" },
  { path: "/admin", title: texts.overview.menu, Page: OverviewPage, rail: "admin" },
  { path: "/admin/zones", title: texts.zones.menu, Page: ZonesPage, rail: "admin" },
  { path: "/admin/zones/{zone}", title: texts.zones.menu, Page: ZonePage },
  { path: "/admin/zones/{zone}/{tab}", title: texts.zones.menu, Page: ZonePage },
  { path: "/admin/users", title: texts.users.menu, Page: UsersPage, rail: "admin" },
  { path: "/admin/users/{name}", title: texts.users.menu, Page: UserPage },
  { path: "/admin/held", title: texts.held.menu, Page: HeldPage, rail: "admin" },
  { path: "/admin/adapters", title: texts.adapters.menu, Page: AdaptersPage, rail: "admin" },
  { path: "/admin/adapters/lab", title: texts.lab.title, Page: LabPage },
  { path: "/admin/settings", title: texts.settings.menu, Page: SettingsPage, rail: "admin" },
  { path: "/admin/brand", title: texts.brand.menu, Page: BrandPage, rail: "admin" },
  { path: "/admin/audit", title: texts.audit.menu, Page: AuditPage, rail: "admin" },
  { path: "/guides", title: texts.menu.guides, Page: GuidesPage, rail: "own" },
  { path: "/guides/{id}", title: texts.menu.guides, Page: GuidesPage },
];
