/** Requests as people hand them over: octets as a device sent them, a curl command line, or a URL. */

import type { DeviceRequest } from "../adapters/device-request.ts";
import { decodePercent } from "../adapters/percent.ts";
import type { Address } from "../base/address.ts";
import { readRequest } from "../devices/read-request.ts";
import { readCurlLine } from "./curl-line.ts";
import type { PlainRequest } from "./curl-line.ts";

export type RecordedReading =
  | { readonly kind: "request"; readonly request: DeviceRequest }
  | { readonly kind: "not-understood"; readonly why: string };

/** `peer`: where it is taken to come from. */
export function readRecorded(text: string, peer: Address): RecordedReading {
  // As on the wire: one character an octet.
  const octets = Buffer.from(text.trimStart(), "utf8").toString("latin1");
  if (/^curl\s/.test(octets)) {
    const curl = readCurlLine(octets.trimEnd());
    return curl.kind === "request" ? readOctets(printRequest(curl.request), peer) : curl;
  }
  const url = octets.trimEnd();
  if (/^(?:https?:\/\/|\/)\S*$/i.test(url)) {
    return readOctets(printRequest({ method: "GET", url, headers: [], body: "" }), peer);
  }
  return readOctets(closeHead(octets), peer);
}

function readOctets(octets: string, peer: Address): RecordedReading {
  const reading = readRequest(octets);
  switch (reading.kind) {
    case "request":
    case "maybe-http09":
      return { kind: "request", request: { ...reading.request, peer, isTls: false, port: 80 } };
    case "more":
      return { kind: "not-understood", why: `its ${reading.part} has no end` };
    case "reject":
      return { kind: "not-understood", why: `a device listener refuses it: ${reading.why}` };
  }
}

/** A head that was copied without its empty line gets one, and a body without a length its length. */
function closeHead(octets: string): string {
  const end = /\r?\n\r?\n/.exec(octets);
  if (end === null) return `${octets.trimEnd()}\r\n\r\n`;
  const head = octets.slice(0, end.index);
  const body = octets.slice(end.index + end[0].length);
  if (body.trim() === "" || /^content-length\s*:/im.test(head)) return octets;
  const trimmed = body.replace(/\r?\n$/, "");
  return `${head}\r\nContent-Length: ${trimmed.length}\r\n\r\n${trimmed}`;
}

function printRequest({ method, url, headers, body }: PlainRequest): string {
  const [, user, authority = "", target = ""] =
    /^(?:[a-z]+:\/\/)?(?:([^/?#@]*)@)?([^/?#]*)([^#]*)/i.exec(url) ?? [];
  const has = (name: string): boolean => headers.some(([one]) => one.toLowerCase() === name);
  const lines = [`${method} ${target.startsWith("/") ? target : `/${target}`} HTTP/1.1`];
  if (!has("host") && authority !== "") lines.push(`Host: ${authority}`);
  if (user !== undefined && !has("authorization")) {
    const decoded = decodePercent(user);
    lines.push(`Authorization: Basic ${btoa(decoded.includes(":") ? decoded : `${decoded}:`)}`);
  }
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (body !== "" && !has("content-length")) lines.push(`Content-Length: ${body.length}`);
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
