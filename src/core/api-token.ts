/** Tokens of the API: what a script proves itself with, and when one no longer holds. */

import { createHash } from "node:crypto";
import { isWithin, parseCidr } from "../base/address.ts";
import type { Address } from "../base/address.ts";
import type { Chance } from "../base/chance.ts";
import { makeSecretText } from "../base/chance.ts";
import type { Policy } from "./token-policy.ts";
import type { User, UserId } from "./user.ts";

export interface ApiToken {
  /** Names it in lists and logs; proves nothing. */
  readonly id: string;
  readonly user: User;
  readonly name: string;
  readonly policy: Policy;
  /** Networks it may be used from; none: from anywhere. */
  readonly from: readonly string[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number | undefined;
  /** It ends when it was not used for so long. */
  readonly unusedDays: number | undefined;
  readonly usedAtMs: number | undefined;
  readonly usedFrom: string | undefined;
}

export interface NewToken {
  readonly id: string;
  /** SHA-256 of the whole secret. */
  readonly hash: Uint8Array;
  readonly user: UserId;
  readonly name: string;
  readonly policy: Policy;
  readonly from: readonly string[];
  readonly expiresAtMs: number | undefined;
  readonly unusedDays: number | undefined;
}

/** The whole secret counts: there is no look-up by a part of it (Technitium 15.6 had one). */
export interface MadeToken {
  readonly id: string;
  readonly secret: string;
  readonly hash: Uint8Array;
}

/** So that a scanner of leaked secrets, and a person, knows one when it sees one. */
const prefix = "nwt_";
/** 44 characters of base58 are 257 bits: nobody guesses one, so that a plain hash is enough at rest (ASVS 6.5.2). */
const secretCharacters = 44;
/** 22 characters are 128 bits: two alike are as good as impossible. */
const idCharacters = 22;

export function makeToken(chance: Chance): MadeToken {
  const secret = `${prefix}${makeSecretText(chance, secretCharacters)}`;
  return { id: makeSecretText(chance, idCharacters), secret, hash: hashToken(secret) };
}

/** Undefined: no text that we would have made. */
export function parseToken(text: string): Uint8Array | undefined {
  return /^nwt_[1-9A-HJ-NP-Za-km-z]{44}$/.test(text) ? hashToken(text) : undefined;
}

function hashToken(secret: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(secret).digest());
}

export const dayMs = 24 * 60 * 60 * 1_000;

/** Whether it holds now, used from there. */
export function isUsable(token: ApiToken, peer: Address, nowMs: number): boolean {
  return !isOver(token, nowMs) && (token.from.length === 0 || token.from.some(isOf(peer)));
}

/** By its own time, or because nobody used it. */
export function isOver(token: ApiToken, nowMs: number): boolean {
  if (token.expiresAtMs !== undefined && nowMs >= token.expiresAtMs) return true;
  if (token.unusedDays === undefined) return false;
  return nowMs >= (token.usedAtMs ?? token.createdAtMs) + token.unusedDays * dayMs;
}

function isOf(peer: Address): (text: string) => boolean {
  return (text) => {
    const cidr = parseCidr(text);
    return cidr !== undefined && isWithin(peer, cidr);
  };
}

/** A use is written at most so often. */
const useNotedMs = 60_000;

export function isUseWorthNoting(token: ApiToken, nowMs: number): boolean {
  return token.usedAtMs === undefined || nowMs - token.usedAtMs >= useNotedMs;
}

/** "may read hosts and set addresses, in dyn.example.net, of names cam-*, from 203.0.113.0/24, until 2027-01-31". */
export function describeToken(token: ApiToken): string {
  const { actions, zones, names, types } = token.policy;
  const day = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
  const days = token.unusedDays;
  return [
    `may ${join(actions.map((action) => actionWords[action] ?? action))}`,
    ...(zones === undefined ? [] : [`in ${join(zones, "or")}`]),
    ...(names === undefined ? [] : [`of names ${join(names, "or")}`]),
    ...(types === undefined ? [] : [`records of type ${join(types, "or")} only`]),
    ...(token.from.length === 0 ? [] : [`from ${join(token.from, "or")}`]),
    ...(token.expiresAtMs === undefined ? [] : [`until ${day(token.expiresAtMs)}`]),
    ...(days === undefined
      ? []
      : [`while it is used every ${days === 1 ? "day" : `${days} days`}`]),
  ].join(", ");
}

const actionWords: Readonly<Record<string, string>> = {
  "hosts:read": "read hosts",
  "hosts:write": "make, change and delete hosts",
  "addresses:write": "set addresses",
  "records:read": "read zones and records",
  "records:write": "change records",
  "logins:read": "read device logins",
  "logins:write": "make and revoke device logins",
  "receipts:read": "read receipts and events",
  "service:read": "read what the operator sees",
  "service:write": "change the service",
};

function join(words: readonly string[], last = "and"): string {
  if (words.length < 2) return words[0] ?? "nothing";
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)!}`;
}
