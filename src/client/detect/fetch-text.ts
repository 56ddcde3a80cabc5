/** One small text by HTTP, over the family that is asked for, from nobody else than was asked. */

import { lookup } from "node:dns";
import { request as requestPlain } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as requestTls } from "node:https";
import type { Family } from "./source.ts";

export interface TextRequest {
  readonly url: URL;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly family: Family;
  readonly octetsMax: number;
  readonly msMax: number;
}

export type Fetched =
  | { readonly kind: "text"; readonly text: string; readonly isHtml: boolean }
  | { readonly kind: "failed"; readonly why: string };

const redirectsMax = 2;
/** Before and behind the name of the host in a URL. */
const brackets = /^\[|\]$/g;

export async function fetchText(request: TextRequest, signal: AbortSignal): Promise<Fetched> {
  const over = Promise.withResolvers<Fetched>();
  const fail = (why: string): void => over.resolve({ kind: "failed", why });
  const timer = setTimeout(() => fail(`no answer within ${request.msMax} ms`), request.msMax);
  const abort = (): void => fail("it was called off");
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  const ended = new AbortController();
  const fetched = await Promise.race([over.promise, follow(request, ended.signal)]);
  ended.abort(); // whatever is still open
  clearTimeout(timer);
  signal.removeEventListener("abort", abort);
  return fetched;
}

async function follow(request: TextRequest, ended: AbortSignal): Promise<Fetched> {
  let { url } = request;
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    const got = await fetchOnce({ ...request, url }, ended);
    if (got.kind !== "elsewhere") return got;
    const next = URL.parse(got.location, url.href);
    if (next === null || !isSameSite(url, next)) {
      return { kind: "failed", why: `it sends elsewhere: ${printPlace(next, got.location)}` };
    }
    url = next;
  }
  return { kind: "failed", why: `it redirects more than ${redirectsMax} times` };
}

/** The same host, and never from TLS back to none. A captive portal sends to its own. */
function isSameSite(from: URL, to: URL): boolean {
  if (to.hostname !== from.hostname || to.username !== "" || to.password !== "") return false;
  if (to.protocol === from.protocol) return to.port === from.port;
  return from.protocol === "http:" && to.protocol === "https:";
}

function printPlace(url: URL | null, text: string): string {
  return url === null ? text.slice(0, 60) : `${url.protocol}//${url.host}`;
}

type Got = Fetched | { readonly kind: "elsewhere"; readonly location: string };

async function fetchOnce(request: TextRequest, ended: AbortSignal): Promise<Got> {
  const { url, method = "GET", headers = {}, body, family } = request;
  const got = Promise.withResolvers<Got>();
  const fail = (why: string): void => got.resolve({ kind: "failed", why });
  if (ended.aborted) return { kind: "failed", why: "it was called off" };
  const hostname = url.hostname.replace(brackets, "");
  // A literal address of the other family would be connected to all the same.
  if (!(await hasFamily(hostname, family))) {
    return { kind: "failed", why: `${hostname} has no IPv${family} address` };
  }
  const send = url.protocol === "https:" ? requestTls : requestPlain;
  const outgoing = send({
    hostname,
    port: url.port,
    path: `${url.pathname}${url.search}`,
    method,
    family,
    agent: false,
    headers: {
      ...headers,
      Host: url.host,
      Connection: "close",
      ...(body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) }),
    },
  });
  outgoing.on("error", (error) => fail(error.message));
  outgoing.on("response", (response) => take(response, request.octetsMax, got.resolve));
  outgoing.end(body);
  const close = (): void => {
    fail("it was called off");
  };
  ended.addEventListener("abort", close);
  const result = await got.promise;
  ended.removeEventListener("abort", close);
  outgoing.destroy();
  return result;
}

function hasFamily(hostname: string, family: Family): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  lookup(hostname, { family, all: true }, (error, found) => {
    resolve(error === null && found.some((address) => address.family === family));
  });
  return promise;
}

function take(response: IncomingMessage, octetsMax: number, end: (got: Got) => void): void {
  const { statusCode = 0, headers } = response;
  const fail = (why: string): void => end({ kind: "failed", why });
  response.on("error", (error) => fail(error.message));
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    end({ kind: "elsewhere", location: headers.location });
    return;
  }
  if (statusCode !== 200) {
    fail(`it answers with status ${statusCode}`);
    return;
  }
  const chunks: Buffer[] = [];
  let octets = 0;
  response.on("data", (chunk: Buffer) => {
    octets += chunk.length;
    if (octets > octetsMax) fail(`it answers with more than ${octetsMax} octets`);
    else chunks.push(chunk);
  });
  response.on("end", () => {
    const isHtml = /html/i.test(headers["content-type"] ?? "");
    end({ kind: "text", text: Buffer.concat(chunks).toString("utf8"), isHtml });
  });
  response.on("close", () => fail("it ended in the middle of its answer"));
}
