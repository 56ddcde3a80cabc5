/** The parts of an unknown request that hold values: segments of the path, pairs of query and body, headers. */

import type { Address } from "../../base/address.ts";
import { parseBasic } from "../credential.ts";
import type { PasswordCredential } from "../../core/login.ts";
import { parseParameters } from "../parameters.ts";
import type { Parameter } from "../parameters.ts";
import { parseTarget, splitSegments } from "../target.ts";
import type { UnmatchedRequest } from "../update-service.ts";

/** What stands in one place. Texts hold one character an octet. */
export interface Part {
  readonly place: "segment" | "query" | "body" | "bare" | "header";
  /** As a rule names it: `{s2}` for the second segment. */
  readonly key: string;
  readonly value: string;
}

export interface Parts {
  readonly method: string;
  /** Of the path, decoded, lower case. */
  readonly segments: readonly string[];
  readonly parts: readonly Part[];
  readonly bodyKind: "none" | "form" | "json";
  readonly authorization: "none" | "basic" | "bearer" | "other";
  readonly basic: PasswordCredential | undefined;
  readonly headers: ReadonlyMap<string, string>;
  readonly peer: Address;
}

/** More are no update of a device; the rest is not looked at. */
export const partsMax = 24;
const segmentsMax = 8;
/** Of one value; a longer one is no name, address or password. */
const valueCharactersMax = 128;

/** `undefined`: nothing in it says what it wants, as in `GET /favicon.ico`; or it has no end of parameters. */
export function takeApart(request: UnmatchedRequest): Parts | undefined {
  const { method, headers, body } = request;
  const target = parseTarget(request.target, false);
  const contentType = headers.get("content-type");
  const query = parseParameters(target.query, undefined, "");
  const inBody = parseParameters("", contentType, body);
  if (query === undefined || inBody === undefined) return undefined;
  const segments = splitSegments(target.writtenPath).slice(0, segmentsMax);
  const parts = [
    ...segments.map((value, at): Part => ({ place: "segment", key: `{s${at + 1}}`, value })),
    ...query.map((parameter): Part => partOf(parameter, "query")),
    ...inBody.map((parameter): Part => partOf(parameter, "body")),
    ...[...headers]
      .filter(([name]) => isOwnHeader(name))
      .map(([key, value]): Part => ({ place: "header", key, value })),
  ];
  const authorization = schemeOf(headers.get("authorization"));
  const saysNothing = parts.every(({ place }) => place === "segment");
  if (saysNothing && authorization === "none" && segments.length < 3) return undefined;
  const isJson = /^application\/json\b/i.test(contentType ?? "") || body.startsWith("{");
  const basic = parseBasic(headers.get("authorization"));
  return {
    method,
    segments: segments.map((segment) => segment.toLowerCase()),
    parts: parts.slice(0, partsMax).map(cutValue),
    bodyKind: inBody.length === 0 ? "none" : isJson ? "json" : "form",
    authorization,
    basic: basic.kind === "credential" ? basic.credential : undefined,
    headers,
    peer: request.peer,
  };
}

function partOf({ key, value, raw }: Parameter, place: "query" | "body"): Part {
  const isBare = !raw.includes("=") || (value === "" && looksLikeValue(key));
  if (!isBare || place === "body") return { place, key, value };
  return { place: "bare", key: "", value: raw.replace(/=$/, "") };
}

/** A key without a value that is no word may be a token: FreeDNS' `update.php?TOKEN`, with `=` or without. */
function looksLikeValue(key: string): boolean {
  return key.length > 12 || /\d/.test(key);
}

function cutValue(part: Part): Part {
  return { ...part, value: part.value.slice(0, valueCharactersMax) };
}

/** Headers that a vendor made up; `x-forwarded-for` and its like are of proxies. */
function isOwnHeader(name: string): boolean {
  return name.startsWith("x-") && !/^x-(?:forwarded|real-ip|request)/.test(name);
}

function schemeOf(header: string | undefined): Parts["authorization"] {
  if (header === undefined) return "none";
  const scheme = /^[A-Za-z]+/.exec(header)?.[0].toLowerCase();
  if (scheme === "basic") return "basic";
  return scheme === "bearer" || scheme === "token" ? "bearer" : "other";
}
