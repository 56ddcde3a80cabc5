/** Bodies of requests, read no further than the route takes. */

import type { Route } from "./contract/route.ts";
import { Refusal } from "./refusal.ts";

/** The longest record is 65,535 octets, and up to four characters each as text. */
export const jsonOctetsMax = 512 * 1_024;

/**
 * Throws before anything is read when the length that was told is too much (RFC 9110 §15.5.14), or the type is none
 * that the route takes.
 */
export function checkBody(route: Route, request: Request): void {
  const type = request.headers.get("content-type") ?? "";
  const wanted = route.body === undefined ? (route.bodyTypes ?? []) : ["application/json"];
  if (wanted.length === 0) return;
  if (!wanted.some((one) => isType(type, one))) {
    const code = route.body === undefined ? "wrong-type" : "not-json";
    throw new Refusal(415, code, `The body must be ${wanted.join(" or ")}.`, {
      hint: `Send Content-Type: ${wanted[0]}.`,
    });
  }
  const max = bodyOctetsMaxOf(route);
  const told = request.headers.get("content-length");
  if (Number(told) > max) throw tooLong(max);
}

export function bodyOctetsMaxOf(route: Route): number {
  return route.bodyOctetsMax ?? jsonOctetsMax;
}

/** UTF-8, and a fault where it is none. */
export async function readText(request: Request, octetsMax: number): Promise<string> {
  const octets = await readOctets(request, octetsMax);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch {
    throw new Refusal(400, "not-json", "The body is no UTF-8.");
  }
}

/** For a handler that reads the body by itself: the same request, with no more of a body than the route takes. */
export async function limitBody(request: Request, route: Route): Promise<Request> {
  if (route.bodyTypes === undefined || request.headers.has("content-length")) return request;
  const { url, method, headers } = request;
  const body = await readOctets(request, bodyOctetsMaxOf(route));
  return new Request(url, { method, headers, body });
}

/** A body in chunks does not tell its length, and is cut where it is too much. */
async function readOctets(request: Request, octetsMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    octets += chunk.length;
    if (octets > octetsMax) throw tooLong(octetsMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Exactly the type, whatever parameters stand behind it: what parses must not see another than what checks. */
function isType(given: string, wanted: string): boolean {
  return given.split(";", 1)[0]!.trim().toLowerCase() === wanted;
}

function tooLong(octetsMax: number): Refusal {
  return new Refusal(413, "too-long", `The body is longer than ${octetsMax} octets.`);
}
