/** Whether a request is as a rule wants it, path and method aside. */

import { isWithin } from "../base/address.ts";
import type { Address } from "../base/address.ts";
import { hasKey } from "./parameters.ts";
import type { Parameter } from "./parameters.ts";
import type { Match } from "./rule.ts";

/** What rules look at beside path and method. */
export interface RequestTraits {
  /** Lower case, without port; empty when the request named none. */
  readonly host: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly parameters: readonly Parameter[];
  readonly peer: Address;
  /** Of the listener. */
  readonly port: number;
}

export function isMatch(match: Conditions, request: RequestTraits): boolean {
  const { hosts, ports, peers, userAgents, headers } = match;
  if (!hasKeys(match, request.parameters)) return false;
  if (hosts !== undefined && !hosts.some((pattern) => isLike(request.host, pattern))) return false;
  if (ports !== undefined && !ports.includes(request.port)) return false;
  if (peers !== undefined && !peers.some((network) => isWithin(request.peer, network))) {
    return false;
  }
  if (userAgents !== undefined && !isAgent(request.headers, userAgents)) return false;
  return headers === undefined || headers.every((wanted) => hasHeader(request.headers, wanted));
}

type Conditions = Omit<Match, "methods" | "paths">;

function hasKeys(match: Conditions, parameters: readonly Parameter[]): boolean {
  const { keys, anyKeys, absentKeys, values } = match;
  if (keys !== undefined && countKeys(keys, parameters) < keys.length) return false;
  if (anyKeys !== undefined && countKeys(anyKeys, parameters) === 0) return false;
  if (absentKeys !== undefined && countKeys(absentKeys, parameters) > 0) return false;
  if (values === undefined) return true;
  return values.every(({ key, oneOf }) =>
    parameters.some((one) => one.key === key && oneOf.includes(one.value.toLowerCase())),
  );
}

function countKeys(keys: readonly string[], parameters: readonly Parameter[]): number {
  let count = 0;
  for (const key of keys) if (hasKey(parameters, key)) count++;
  return count;
}

/** One of the beginnings fits; they are lower case, the header is compared without case. */
function isAgent(headers: ReadonlyMap<string, string>, beginnings: readonly string[]): boolean {
  const agent = (headers.get("user-agent") ?? "").toLowerCase();
  return beginnings.some((beginning) => agent.startsWith(beginning));
}

function hasHeader(
  headers: ReadonlyMap<string, string>,
  wanted: { readonly name: string; readonly value?: string },
): boolean {
  const found = headers.get(wanted.name);
  if (found === undefined) return false;
  return wanted.value === undefined || found.toLowerCase() === wanted.value;
}

/** `*` stands for any text. Each piece between two of them is looked for once, from the left: never a second try. */
export function isLike(text: string, pattern: string): boolean {
  const [first, ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first!)) return false;
  let at = first!.length;
  for (const piece of others) {
    const found = text.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
