/**
 * Parameters of a request: pairs of the query, then of a form or JSON body, in the order they came.
 * A list, never an object: `__proto__` and `constructor` are keys like any other.
 */

import { decodeFormText, decodePercent } from "./percent.ts";
import { trimSpaces } from "./spaces.ts";

/** A client that means something sends ten. */
export const parametersMax = 100;

export interface Parameter {
  /** Decoded, lower case: keys compare without case. */
  readonly key: string;
  /** Decoded, one character an octet, spaces around it trimmed. */
  readonly value: string;
  /** The pair as it was received; the base64 of a `mac=` keeps its `+` here. */
  readonly raw: string;
}

/** `undefined`: more than `parametersMax`. */
export function parseParameters(
  query: string,
  contentType: string | undefined,
  body: string,
): readonly Parameter[] | undefined {
  const parameters: Parameter[] = [];
  if (!addPairs(parameters, query, queryEnds)) return undefined;
  if (body === "") return parameters;
  const isAdded = isJson(contentType, body)
    ? addJson(parameters, body)
    : !isForm(contentType) || addPairs(parameters, body.replace(/[\r\n]{1,4}$/, ""), formEnds);
  return isAdded ? parameters : undefined;
}

/** The value where `+` is a plus: the base64 that a MintAuto device sends without escaping it. */
export function readUnescaped({ raw }: Parameter): string {
  return trimSpaces(decodePercent(raw.slice(raw.indexOf("=") + 1)));
}

/** The values of a key, in order. Keys are lower case. */
export function findValues(parameters: readonly Parameter[], key: string): readonly string[] {
  return parameters.filter((parameter) => parameter.key === key).map(({ value }) => value);
}

export function hasKey(parameters: readonly Parameter[], key: string): boolean {
  // Asked for each rule of a path: a loop costs half of what a closure does.
  for (const parameter of parameters) if (parameter.key === key) return true;
  return false;
}

/** USG and EdgeOS append a whole second query, with a `?` of its own. */
const queryEnds = /[&;?]/;
const formEnds = /&/;

/** Tolerates empty pairs, empty keys and a key without `=`. */
function addPairs(parameters: Parameter[], text: string, ends: RegExp): boolean {
  if (text === "") return true;
  for (const raw of text.split(ends)) {
    if (raw === "") continue;
    if (parameters.length === parametersMax) return false;
    const equals = raw.indexOf("=");
    const key = trimSpaces(decodeFormText(equals === -1 ? raw : raw.slice(0, equals)));
    if (isOfPath(key)) continue;
    const value = equals === -1 ? "" : raw.slice(equals + 1);
    parameters.push({
      key: key.toLowerCase(),
      value: trimSpaces(decodeFormText(value)),
      raw,
    });
  }
  return true;
}

/** A flat object; arrays of plain values are joined as the query would have them. */
function addJson(parameters: Parameter[], body: string): boolean {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(body, "latin1").toString("utf8"));
  } catch {
    return true; // no JSON after all: no parameters
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return true;
  for (const [key, given] of Object.entries(parsed)) {
    const value = printPlain(given);
    if (value === undefined || isOfPath(key)) continue;
    if (parameters.length === parametersMax) return false;
    const octets = Buffer.from(value, "utf8").toString("latin1");
    parameters.push({ key: key.toLowerCase(), value: trimSpaces(octets), raw: octets });
  }
  return true;
}

/** Keys in braces are segments of a path (see `Match.paths`); nobody may pass a parameter off as one. */
function isOfPath(key: string): boolean {
  return key.startsWith("{");
}

function printPlain(given: unknown): string | undefined {
  if (typeof given === "string") return given;
  if (typeof given === "number" || typeof given === "boolean") return String(given);
  if (!Array.isArray(given)) return undefined;
  return given.filter((one) => typeof one === "string").join(",");
}

function isJson(contentType: string | undefined, body: string): boolean {
  return contentType === undefined
    ? body.startsWith("{")
    : /^application\/json\b/i.test(contentType);
}

function isForm(contentType: string | undefined): boolean {
  return contentType === undefined || /^application\/x-www-form-urlencoded\b/i.test(contentType);
}
