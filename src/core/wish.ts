/** What a request asks for, and of which hosts: read once, before anything is decided. */

import { parseAsked } from "./decide-addresses.ts";
import type { Asked } from "./decide-addresses.ts";
import type { Directory } from "./directory.ts";
import { findHost, findUnnamedHost } from "./find-host.ts";
import type { HostId } from "./host.ts";
import type { Login } from "./login.ts";
import { parsePrefix } from "./prefix.ts";
import type { Prefix } from "./prefix.ts";
import type { UpdateRequest } from "./update.ts";

export interface Wish {
  readonly request: UpdateRequest;
  readonly login: Login;
  readonly asked: Asked;
  /** What is one host's own. */
  readonly own: ReadonlyMap<HostId, Asked>;
  readonly prefix: Prefix | "malformed" | undefined;
}

export function readWish(request: UpdateRequest, login: Login, directory: Directory): Wish {
  const { prefix, ownAddresses, addresses } = request;
  const isMove = prefix !== undefined && !request.offline && request.challenge === undefined;
  return {
    request,
    login,
    asked: parseAsked(addresses),
    own: ownAddresses.length === 0 ? noneOwn : readOwn(request, login, directory),
    prefix: isMove ? (parsePrefix(prefix) ?? "malformed") : undefined,
  };
}

function readOwn(
  request: UpdateRequest,
  login: Login,
  directory: Directory,
): ReadonlyMap<HostId, Asked> {
  const texts = new Map<HostId, string[]>();
  for (const { host, address } of request.ownAddresses) {
    const found = findHost(host, request.naming, login, directory);
    if (found.kind !== "found") continue; // it is among those asked for, and refused there
    texts.set(found.host, [...(texts.get(found.host) ?? []), address]);
  }
  return new Map([...texts].map(([host, own]) => [host, parseAsked(own)]));
}

/** Names as sent: those that were named, behind them those that only have an address of their own. */
export function listAsked(
  { request, login, prefix }: Wish,
  directory: Directory,
): readonly string[] {
  const { hosts, ownAddresses, naming } = request;
  if (ownAddresses.length > 0) {
    const idOf = (text: string): HostId | string => {
      const found = findHost(text, naming, login, directory);
      return found.kind === "found" ? found.host : text.toLowerCase();
    };
    const known = new Set(hosts.map(idOf));
    const added = new Map(ownAddresses.map(({ host }) => [idOf(host), host]));
    return [...hosts, ...[...added].flatMap(([id, text]) => (known.has(id) ? [] : [text]))];
  }
  if (hosts.length > 0) return hosts;
  const unnamed = findUnnamedHost(login, directory);
  if (unnamed !== undefined || prefix === undefined) return [unnamed ?? ""];
  // Who reports a prefix for all hosts that follow it has named them by that: the first answers for all.
  const [first] = directory.identifiedHostsOf(login);
  return [first === undefined ? "" : directory.hosts.getName(first)];
}

const noneOwn: ReadonlyMap<HostId, Asked> = new Map();
