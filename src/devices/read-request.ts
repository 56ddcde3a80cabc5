/**
 * Reads one request as devices in the field write it. Lenient wherever that is harmless: the
 * connection carries one request and is then closed, so nothing is left over that a second reader
 * could read in another way. Refused is only what no device sends: RFC 9112 §11.2 has the reasons.
 */

import type { DeviceRequest } from "../adapters/device-request.ts";
import { cutTrimmed, trimSpaces } from "../adapters/spaces.ts";
import type { DeviceLimitName } from "./counts.ts";

/** Request line, headers and the empty line. What field devices send stays under 1 KiB. */
export const headOctetsMax = 8_192;
export const bodyOctetsMax = 4_096;
export const headersMax = 100;

/** The part of a `DeviceRequest` that is in the octets. */
export type ReceivedRequest = Omit<DeviceRequest, "peer" | "isTls" | "port">;

export type Reading =
  /** Look again when there are `octetsWanted`, and say that `scannedTo` is known to hold no end. */
  | {
      readonly kind: "more";
      readonly part: "head" | "body";
      readonly scannedTo: number;
      readonly octetsWanted: number;
    }
  | { readonly kind: "request"; readonly request: ReceivedRequest }
  /** A line without version and nothing behind it: HTTP/0.9, unless headers follow. */
  | { readonly kind: "maybe-http09"; readonly request: ReceivedRequest }
  | {
      readonly kind: "reject";
      readonly status: 400 | 413 | 431;
      readonly limit: DeviceLimitName | undefined;
      /** For the log; the peer is told nothing. */
      readonly why: string;
    };

/**
 * `received` is what came in so far, one character an octet. `scannedTo` is what the last reading
 * of the same connection gave back, so that a peer that drips octets costs one look at each.
 */
export function readRequest(received: string, scannedTo = 0): Reading {
  if (received !== "" && !isBeginning(received.charCodeAt(0))) return refuse("not HTTP");
  const start = skipEmptyLines(received);
  const end = findHeadEnd(received, Math.max(start, scannedTo));
  if (!end.isFound) {
    if (received.length > headOctetsMax) return headTooLong;
    return readOpenHead(received, start, end.scannedTo);
  }
  if (end.at > headOctetsMax) return headTooLong;
  return readWhole(received, start, end.at);
}

type HeadEnd =
  | { readonly isFound: true; readonly at: number }
  | { readonly isFound: false; readonly scannedTo: number };

/** A head ends with an empty line; each line ends with LF or CR LF, also mixed. */
function findHeadEnd(received: string, from: number): HeadEnd {
  let lineEnd = received.indexOf("\n", from);
  while (lineEnd !== -1) {
    const next = received.charCodeAt(lineEnd + 1); // NaN at the end of what came in
    if (next === lf) return { isFound: true, at: lineEnd + 2 };
    if (next === cr && received.charCodeAt(lineEnd + 2) === lf) {
      return { isFound: true, at: lineEnd + 3 };
    }
    if (lineEnd + 2 >= received.length) return { isFound: false, scannedTo: lineEnd };
    lineEnd = received.indexOf("\n", lineEnd + 1);
  }
  return { isFound: false, scannedTo: received.length };
}

/** The empty line has not come: the rest of the head will, or it is HTTP/0.9. */
function readOpenHead(received: string, start: number, scannedTo: number): Reading {
  const lineEnd = received.indexOf("\n", start);
  if (lineEnd !== -1 && isOnlyCr(received, lineEnd + 1)) {
    if (hasControls(received.slice(start, lineEnd + 1))) return refuse("control characters");
    const line = parseRequestLine(cutLine(received, start, lineEnd));
    if (line === undefined) return refuse("no request line");
    if (line.version === http09) {
      return { kind: "maybe-http09", request: { ...line, headers: noHeaders, body: "" } };
    }
  }
  return { kind: "more", part: "head", scannedTo, octetsWanted: received.length + 1 };
}

function readWhole(received: string, start: number, headEnd: number): Reading {
  const head = received.slice(start, headEnd);
  if (hasControls(head)) return refuse("control characters");
  const lineEnd = head.indexOf("\n");
  const line = parseRequestLine(cutLine(head, 0, lineEnd));
  if (line === undefined) return refuse("no request line");
  const headers = readHeaders(head, lineEnd + 1);
  if (!(headers instanceof Map)) return headers;

  const lengthText = headers.get("content-length");
  if (headers.has("transfer-encoding")) {
    // RFC 9112 §6.3 asks for 501 or 400. No device sends chunks, and a second way to say how long a
    // body is, is what request smuggling is made of.
    return refuse("Transfer-Encoding");
  }
  const length = lengthText === undefined ? 0 : parseLength(lengthText);
  if (length === undefined) return refuse("Content-Length");
  if (length > bodyOctetsMax) return bodyTooLong;
  // A GET is answered without waiting for a body: some devices announce one and send none.
  if (length === 0 || line.method === "GET" || line.method === "HEAD") {
    return { kind: "request", request: { ...line, headers, body: "" } };
  }
  const bodyEnd = headEnd + length;
  if (received.length < bodyEnd) {
    // The line end in front of the empty line is found again at once.
    const scannedTo = received.lastIndexOf("\n", headEnd - 2);
    return { kind: "more", part: "body", scannedTo, octetsWanted: bodyEnd };
  }
  const body = received.slice(headEnd, bodyEnd);
  return { kind: "request", request: { ...line, headers, body } };
}

type RequestLine = Pick<DeviceRequest, "method" | "target" | "version">;

/**
 * Method up to the first space, version behind the last one; what is between is the target, raw
 * spaces and all (TVT's Tecvoz variant sends `model=TD-2304SS LIGHT`). A line that does not end in a
 * version is HTTP/0.9, also `GET http://checkip.dyndns.org/HTTP/1.0`, TVT's probe.
 */
function parseRequestLine(written: string): RequestLine | undefined {
  const line = trimSpaces(written);
  const firstSpace = line.indexOf(" ");
  if (firstSpace === -1) return undefined;
  const method = line.slice(0, firstSpace).toUpperCase();
  if (!methodPattern.test(method)) return undefined;
  const lastSpace = line.lastIndexOf(" ");
  const version = line.slice(lastSpace + 1);
  if (versionPattern.test(version)) {
    return {
      method,
      target: line.slice(firstSpace + 1, lastSpace),
      version: version.toUpperCase(),
    };
  }
  // Without a version only what a device could mean: anything else is not a request at all.
  if (method !== "GET" && method !== "HEAD" && method !== "POST") return undefined;
  return { method, target: line.slice(firstSpace + 1), version: http09 };
}

const http09 = "HTTP/0.9";
const methodPattern = /^[A-Z]{1,16}$/;
const versionPattern = /^HTTP\/\d(?:\.\d)?$/i;

/** Reads header lines up to the empty line at the end of `head`. */
function readHeaders(head: string, from: number): Map<string, string> | Reading {
  const headers = new Map<string, string>();
  let count = 0;
  let start = from;
  for (;;) {
    const lineEnd = head.indexOf("\n", start);
    const lineStart = start;
    const lineStop = findLineStop(head, lineStart, lineEnd);
    if (lineStop === lineStart) return headers;
    start = lineEnd + 1;
    count++;
    if (count > headersMax) return tooManyHeaders;

    const colon = head.indexOf(":", lineStart);
    const hasColon = colon !== -1 && colon < lineStop;
    if (!hasColon && !isBlank(head.charCodeAt(lineStart))) continue; // a stray line means nothing
    // RFC 9112 §5.1 and §5.2: no space before the colon, and no folded line.
    const name = head.slice(lineStart, hasColon ? colon : lineStop).toLowerCase();
    if (!namePattern.test(name)) return refuse("header name");
    const value = cutTrimmed(head, colon + 1, lineStop);
    const earlier = headers.get(name);
    if (earlier === undefined) headers.set(name, value);
    else if (name === "content-length") return refuse("Content-Length");
    else if (joined.has(name)) headers.set(name, `${earlier}, ${value}`);
  }
}

/** RFC 9110 §5.6.2. */
const namePattern = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** Where a second value may not be overlooked; of all others the first counts. */
const joined: ReadonlySet<string> = new Set(["authorization", "x-forwarded-for"]);
const noHeaders: ReadonlyMap<string, string> = new Map();

/** RFC 9110 §8.6: digits and nothing else. `5, 5` and `+5` are two readers' two lengths. */
function parseLength(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

const lf = 0x0a;
const cr = 0x0d;
const tab = 0x09;
const del = 0x7f;

/**
 * Any control character but a tab, and CR that ends no line. Octets above 0x7F are text in some code
 * page. A loop, since it looks at each octet of every request: in half the time of a pattern.
 */
function hasControls(head: string): boolean {
  for (let at = 0; at < head.length; at++) {
    const octet = head.charCodeAt(at);
    if (octet >= 0x20 && octet !== del) continue;
    if (octet === tab || octet === lf) continue;
    if (octet !== cr || head.charCodeAt(at + 1) !== lf) return true;
  }
  return false;
}

/** A request begins with a letter; empty lines in front of it are forgiven (RFC 9112 §2.2). */
function isBeginning(octet: number): boolean {
  const lower = octet | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || octet === cr || octet === lf;
}

function skipEmptyLines(received: string): number {
  let at = 0;
  while (received.charCodeAt(at) === cr || received.charCodeAt(at) === lf) at++;
  return at;
}

function isBlank(octet: number): boolean {
  return octet === 0x20 || octet === 0x09;
}

function isOnlyCr(received: string, from: number): boolean {
  return received.length === from || (received.length === from + 1 && received.endsWith("\r"));
}

/** The line from `start` to the LF at `lineEnd`, without its line end. */
function cutLine(text: string, start: number, lineEnd: number): string {
  return text.slice(start, findLineStop(text, start, lineEnd));
}

/** Where a line stops that ends with the LF at `lineEnd`: there, or at a CR in front of it. */
function findLineStop(text: string, start: number, lineEnd: number): number {
  const hasCr = lineEnd > start && text.charCodeAt(lineEnd - 1) === cr;
  return hasCr ? lineEnd - 1 : lineEnd;
}

function refuse(why: string): Reading {
  return { kind: "reject", status: 400, limit: undefined, why };
}

const headTooLong: Reading = {
  kind: "reject",
  status: 431,
  limit: "head-octets",
  why: `a head of more than ${headOctetsMax} octets`,
};
const bodyTooLong: Reading = {
  kind: "reject",
  status: 413,
  limit: "body-octets",
  why: `a body of more than ${bodyOctetsMax} octets`,
};
const tooManyHeaders: Reading = {
  kind: "reject",
  status: 431,
  limit: "headers",
  why: `more than ${headersMax} header lines`,
};
