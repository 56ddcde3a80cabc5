/** Which host a login means by a name, a label, or nothing at all. */

import type { Directory } from "./directory.ts";
import { parseHostName } from "./host-name.ts";
import type { HostName } from "./host-name.ts";
import type { HostId } from "./host.ts";
import type { Login } from "./login.ts";
import type { UpdateRequest } from "./update.ts";

export type Naming = UpdateRequest["naming"];

export type FoundHost =
  | { readonly kind: "found"; readonly host: HostId; readonly name: HostName }
  | {
      readonly kind: "unknown-host" | "not-a-full-name";
      /** There is one, and this login may not update it. */
      readonly host: HostId | undefined;
      readonly note: string;
    };

export function findHost(
  text: string,
  naming: Naming,
  login: Login,
  directory: Directory,
): FoundHost {
  if (text === "")
    return refuse("unknown-host", "No host was named, and the login has not just one.");
  const name = parseHostName(text);
  if (name === undefined) {
    const label = naming === "label" ? parseLabel(text) : undefined;
    if (label === undefined) return refuse("not-a-full-name", "Not a full host name.");
    return findByLabel(label, login, directory);
  }
  const host = directory.hosts.find(name);
  if (host === undefined) return refuse("unknown-host", "There is no such host.");
  if (directory.mayUpdate(login, host)) return { kind: "found", host, name };
  return refuse("unknown-host", "This login may not update this host.", host);
}

/** A request without a host name means the login's default host, or its host where there is just one. */
export function findUnnamedHost(login: Login, directory: Directory): HostName | undefined {
  const { defaultHost } = login;
  if (defaultHost !== undefined && directory.mayUpdate(login, defaultHost)) {
    const name = directory.hosts.findName(defaultHost);
    if (name !== undefined) return name;
  }
  let only: HostName | undefined;
  for (const host of directory.hostsOf(login)) {
    if (only !== undefined) return undefined;
    only = directory.hosts.getName(host);
  }
  return only;
}

/** What a host name could begin with: one label, in the form that is kept. */
function parseLabel(text: string): string | undefined {
  if (text.includes(".")) return undefined;
  return parseHostName(`${text}.test`)?.slice(0, -".test".length);
}

function findByLabel(label: string, login: Login, directory: Directory): FoundHost {
  const { hosts } = login;
  const matches =
    hosts === "all-of-user"
      ? findBelowApexes(label, login, directory)
      : hosts.filter((id) => directory.hosts.findName(id)?.startsWith(`${label}.`) === true);
  const [host] = matches;
  if (host === undefined) {
    return refuse("unknown-host", "None of the login's hosts begins with this label.");
  }
  if (matches.length > 1) {
    return refuse(
      "unknown-host",
      "Several of the login's hosts begin with this label: name it in full.",
    );
  }
  return { kind: "found", host, name: directory.hosts.getName(host) };
}

/** Of a login for all hosts of its user only those directly below a zone: its user may have a million. */
function findBelowApexes(label: string, login: Login, directory: Directory): readonly HostId[] {
  const matches: HostId[] = [];
  for (const { apex } of directory.zones()) {
    const name = parseHostName(`${label}.${apex}`);
    const host = name === undefined ? undefined : directory.hosts.find(name);
    if (host !== undefined && directory.mayUpdate(login, host)) matches.push(host);
  }
  return matches;
}

function refuse(kind: "unknown-host" | "not-a-full-name", note: string, host?: HostId): FoundHost {
  return { kind, host, note };
}
