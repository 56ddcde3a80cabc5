/**
 * Replies as octets. All devices must be able to read them: one segment, a length, no chunks, and
 * nothing in the head that a careless search could take for an address or for a result.
 */

import type { DeviceReply } from "../adapters/device-request.ts";
import { assert } from "../base/assert.ts";

/**
 * TVT recorders read the whole reply into 1,000 octets. Only lists may be longer: `domlook`, and
 * one line a host for a client that asked for many hosts at once.
 */
export const replyOctetsMax = 1_000;

/** What a client that cares should wait after a 503. */
export const retryAfterSeconds = 300;

/** ASCII text, so that characters are octets. `HEAD` gets the head alone (RFC 9110 §9.3.2). */
export function printReply(reply: DeviceReply, method: string): string {
  const body = reply.body;
  assert(isAscii.test(body), "a reply is ASCII");
  const head =
    `HTTP/1.1 ${reply.status} ${reasons[reply.status]}\r\n` +
    (reply.status === 401 ? 'WWW-Authenticate: Basic realm="Nameward"\r\n' : "") +
    (reply.location === undefined ? "" : `Location: ${reply.location}\r\n`) +
    `Content-Type: ${reply.contentType}\r\n` +
    `Content-Length: ${body.length}\r\n` +
    "Cache-Control: no-cache\r\n" +
    (reply.contentType === "text/plain" ? "" : "X-Content-Type-Options: nosniff\r\n") +
    (reply.status === 503 ? `Retry-After: ${retryAfterSeconds}\r\n` : "") +
    "Connection: close\r\n\r\n";
  return method === "HEAD" ? head : head + body;
}

/** inadyn and ddclient read the number, some libraries will not go on without a phrase. */
const reasons: Readonly<Record<DeviceReply["status"], string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  220: "Unchanged",
  230: "Registered",
  297: "Invalid Host",
  298: "Invalid Domain",
  299: "Invalid Address",
  302: "Found",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  431: "Request Header Fields Too Large",
  503: "Service Unavailable",
};

const isAscii = /^[\t\n\r\x20-\x7e]*$/;
