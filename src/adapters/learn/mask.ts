/**
 * What may be kept of an unknown request. A value that is not known to be a host, an address or a user name of
 * ours, or a word of protocols, may be a secret and is not kept. What is left is printable ASCII.
 */

import type { Guess, Guesses } from "./guess-roles.ts";
import { isFullName } from "./guess-roles.ts";
import type { Part, Parts } from "./parts.ts";

/** Stands for what is not kept. */
export const masked = "masked";
/** Stands for a full name that is none of ours. */
const maskedName = "masked.invalid";

/** Words that clients send beside what matters, and single digits. */
const plainWords: ReadonlySet<string> = new Set(
  (
    "yes no true false on off auto set get add edit update delete remove offline online dyndns " +
    "statdns custom nochg ddns"
  ).split(" "),
);

export function maskValue({ part, role, isKnown }: Guess): string {
  const { value, place } = part;
  if (isKnown || value === "") return value;
  if (role === "host" && isFullName(value)) return maskedName;
  const isPlain = /^\d$/.test(value) || plainWords.has(value.toLowerCase());
  return isPlain && role !== "secret" && place !== "bare" ? value : masked;
}

/** The name of a parameter, or a star for one that may be a value itself (`host[cam1.example.test]`). */
export function maskKey(key: string): string {
  const digits = key.replace(/\D/g, "").length;
  return /^[a-z][a-z0-9_.-]{0,23}$/.test(key) && digits <= keyDigitsMax ? key : "*";
}

/** `ipv6`, `ip4addr`; a device's number has more. */
const keyDigitsMax = 2;

/** The path with what looks like a value replaced by `{s1}`, `{s2}` …: what is behind a value is one, too. */
export function maskPath({ segments }: Parts, { parts }: Guesses): string {
  let isBehindValue = false;
  const printed = segments.map((segment, at) => {
    const key = `{s${at + 1}}`;
    const guess = parts.find(({ part }) => part.place === "segment" && part.key === key);
    const isValue = guess?.role !== undefined || looksLikeValue(segment);
    isBehindValue ||= isValue;
    return isValue || (isBehindValue && !isScript(segment)) ? key : segment;
  });
  return `/${printed.join("/")}`;
}

function looksLikeValue(segment: string): boolean {
  if (segment === "") return false; // the root
  if (!/^[a-z0-9_.-]{1,24}$/.test(segment) || /^\d+$/.test(segment)) return true;
  if (segment.replace(/\D/g, "").length > keyDigitsMax) return true;
  return /^(?=.*\d)[0-9a-f]{6,}$/.test(segment) || (isFullName(segment) && !isScript(segment));
}

function isScript(segment: string): boolean {
  return /^[a-z_-]{1,24}\.(?:aspx?|php\d?|pl|cgi|jsp|sv|do|html?)$/.test(segment);
}

/** The whole request as it may be kept, in a form that matches what the masked one matches. */
export function maskRequest(request: Parts, guesses: Guesses): string {
  const lines = [`${request.method} ${maskTarget(request, guesses)} HTTP/1.1`];
  const body = maskBody(request, guesses);
  const header = (name: string, value: string | undefined): void => {
    if (value !== undefined) lines.push(`${name}: ${value}`);
  };
  header("Host", /^[a-z0-9.:-]{1,100}$/i.exec(request.headers.get("host") ?? "")?.[0]);
  header("Authorization", maskAuthorization(request, guesses));
  header("User-Agent", maskAgent(request.headers.get("user-agent")));
  for (const guess of inPlace(guesses, "header")) header(guess.part.key, maskValue(guess));
  if (body !== "") {
    const isJson = request.bodyKind === "json";
    header("Content-Type", isJson ? "application/json" : "application/x-www-form-urlencoded");
    header("Content-Length", String(body.length));
  }
  return body === "" ? lines.join("\n") : `${lines.join("\n")}\n\n${body}`;
}

/** Name and version of the program: what else stands there may be the number of the device. */
export function maskAgent(agent: string | undefined): string | undefined {
  return /^[A-Za-z][A-Za-z_.-]{0,30}(?:\/\d{1,3}(?:\.\d{1,3}){0,3}(?![\w.]))?/.exec(
    agent ?? "",
  )?.[0];
}

function maskTarget(request: Parts, guesses: Guesses): string {
  const byKey = new Map(inPlace(guesses, "segment").map((guess) => [guess.part.key, guess]));
  const path = maskPath(request, guesses).replace(/\{s\d+\}/g, (key) => {
    const guess = byKey.get(key);
    return guess === undefined ? masked : escape(maskValue(guess));
  });
  const pairs = guesses.parts.flatMap((guess) => {
    if (guess.part.place === "bare") return [masked];
    return guess.part.place === "query" ? [printPair(guess)] : [];
  });
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

function maskBody({ bodyKind }: Parts, guesses: Guesses): string {
  const pairs = inPlace(guesses, "body");
  if (bodyKind === "json") {
    return JSON.stringify(
      Object.fromEntries(pairs.map((guess) => [printKey(guess.part), maskValue(guess)])),
    );
  }
  return pairs.map(printPair).join("&");
}

function maskAuthorization({ authorization }: Parts, { basicUsername }: Guesses) {
  switch (authorization) {
    case "none":
      return undefined;
    case "basic":
      return `Basic ${btoa(`${basicUsername ?? masked}:${masked}`)}`;
    case "bearer":
      return `Bearer ${masked}`;
    case "other":
      return masked;
  }
}

function inPlace({ parts }: Guesses, place: Part["place"]): readonly Guess[] {
  return parts.filter((guess) => guess.part.place === place);
}

function printPair(guess: Guess): string {
  return `${printKey(guess.part)}=${escape(maskValue(guess))}`;
}

function printKey({ key }: Part): string {
  return maskKey(key) === "*" ? masked : key;
}

/** Octets that are no letter, digit or plain mark are escaped. */
function escape(text: string): string {
  return text.replace(
    /[^A-Za-z0-9._~:,@-]/g,
    (octet) => `%${octet.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
