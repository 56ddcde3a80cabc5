/** One request to a service: bounded in time and size, with its redirects judged, and never an exception. */

import { readRetryAfterMs } from "./retry-after.ts";
import type { Surroundings } from "./service-row.ts";

export interface HttpQuestion {
  /** May hold a secret; no text that is made here shows more of it than its host. */
  readonly url: URL;
  /** RFC 7617 §2. */
  readonly basic?: { readonly user: string; readonly password: string } | undefined;
  /** RFC 6750 §2.1, in place of `basic`. */
  readonly bearer?: string;
  /** GET unless said otherwise. */
  readonly method?: "PUT";
  /** JSON. */
  readonly body?: string;
}

export type HttpReply =
  | {
      readonly kind: "reply";
      readonly status: number;
      readonly text: string;
      /** From `Retry-After`. */
      readonly retryAfterMs: number | undefined;
    }
  | { readonly kind: "failed"; readonly why: string };

/** No service has more to say; what sends more is not one, or has gone mad. */
export const replyOctetsMax = 16 * 1_024;
/** RFC 9110 §15.4 leaves the number open. One is a change of path, two a change of scheme as well. */
const redirectsMax = 3;

/** Asks once. Never rejects; `failed` says in one sentence what to look at. */
export async function askHttp(
  question: HttpQuestion,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<HttpReply> {
  const overTime = AbortSignal.timeout(surroundings.askMs);
  const ended = AbortSignal.any([signal, overTime]);
  let url = question.url;
  try {
    for (let hop = 0; hop <= redirectsMax; hop++) {
      const response = await fetch(url, {
        method: question.method ?? "GET",
        ...(question.body === undefined ? {} : { body: question.body }),
        headers: headersOf(question, surroundings.userAgent),
        redirect: "manual",
        keepalive: false,
        decompress: false,
        signal: ended,
        ...(surroundings.trusted === undefined ? {} : { tls: { ca: surroundings.trusted } }),
      });
      if (response.status < 300 || response.status > 399) {
        const text = await readText(response);
        if (text === undefined) return failed(`${url.host} sent more than a reply of its protocol`);
        const retryAfterMs = readRetryAfterMs(
          response.headers.get("retry-after"),
          surroundings.clock.now(),
        );
        return { kind: "reply", status: response.status, text, retryAfterMs };
      }
      await response.body?.cancel();
      const next = decideRedirect(url, response.headers.get("location"));
      if (typeof next === "string") return failed(next);
      url = next;
    }
    return failed(`${url.host} redirects without end`);
  } catch (error) {
    if (signal.aborted) return failed("The request was called off");
    if (overTime.aborted) {
      return failed(`${url.host} did not answer within ${surroundings.askMs / 1_000} s`);
    }
    return failed(sentenceOf(error, url.host));
  }
}

/**
 * Where a redirect leads: only to the host that was asked, and never away from TLS. What is sent names
 * the user and often holds the password, and a captive portal redirects everything.
 */
function decideRedirect(from: URL, location: string | null): URL | string {
  const to = location === null ? null : URL.parse(location, from.href);
  if (to === null) return `${from.host} redirects to nowhere`;
  if (to.protocol !== "https:" && to.protocol !== "http:") {
    return `${from.host} redirects to something that is not HTTP`;
  }
  if (to.hostname !== from.hostname) {
    return `${from.host} redirects to another host, ${to.host}: is this a captive portal?`;
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    return `${from.host} redirects from https to http, where anybody could read the password`;
  }
  if (to.protocol === from.protocol && to.port !== from.port) {
    return `${from.host} redirects to another port, ${to.host}`;
  }
  to.username = "";
  to.password = "";
  return to;
}

function headersOf(question: HttpQuestion, userAgent: string): Record<string, string> {
  const headers = {
    "User-Agent": userAgent,
    Accept: "text/plain, */*;q=0.5",
    "Accept-Encoding": "identity", // a few octets; and nothing that could be blown up
    Connection: "close",
  };
  const { basic, bearer, body } = question;
  const typed = body === undefined ? headers : { ...headers, "Content-Type": "application/json" };
  if (bearer !== undefined) return { ...typed, Authorization: `Bearer ${bearer}` };
  if (basic === undefined) return typed;
  const { user, password } = basic;
  return { ...typed, Authorization: `Basic ${Buffer.from(`${user}:${password}`).toBase64()}` };
}

/** `undefined` when there is more than a service has to say; the rest is not read. */
async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of response.body ?? []) {
    octets += chunk.length;
    if (octets > replyOctetsMax) return undefined; // leaving the loop cancels the body
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

const causes: readonly (readonly [RegExp, string])[] = [
  [/ALTNAME/, "shows a certificate of another name"],
  [/EXPIRED|NOT_YET_VALID/, "shows a certificate that is not valid today; is the clock right?"],
  [/CERT|UNABLE_TO|ISSUER|SIGNATURE/, "shows a certificate that nobody trusted has signed"],
  [/SSL|TLS|WRONG_VERSION/, "does not speak TLS as we do"],
  [/REFUSED|ConnectionRefused|FailedToOpenSocket/, "cannot be connected to"],
  [/ENOTFOUND|EAI_|DNS/, "has no address that can be found"],
  [/UNREACH/, "cannot be reached from this network"],
  [/CLOSED|RESET|EPIPE/i, "closed the connection without an answer"],
];

/** By the code alone: the message of the runtime may repeat the URL, and with it a secret. */
function sentenceOf(error: unknown, host: string): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const cause = causes.find(([found]) => found.test(code));
  if (cause !== undefined) return `${host} ${cause[1]}`;
  return `${host} did not give an HTTP answer${/^\w{1,60}$/.test(code) ? ` (${code})` : ""}`;
}

function failed(why: string): HttpReply {
  return { kind: "failed", why };
}
