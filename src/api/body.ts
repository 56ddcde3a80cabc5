/** Bodies of requests, read no further than the route takes. */

import type { Route } from "./contract/route.ts";
import { Refusal } from "./refusal.ts";

/** The longest record is 65,535 octets, and up to four characters each as text. */
export const jsonOctetsMax = 512 * 1_024;

/**
 * Throws before anything is read when the length that was told is too much (RFC 9110 §15.5.14), or the type is none
 * that the route takes. A body that is no JSON tells its length: what reads it reads it whole.
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
  if (told === null && route.body === undefined) {
    throw new Refusal(411, "no-length", "The body must tell its length.", {
      hint: "Send Content-Length, and not in chunks.",
    });
  }
  if (Number(told) > max) throw tooLong(max);
}

export function bodyOctetsMaxOf(route: Route): number {
  return route.bodyOctetsMax ?? jsonOctetsMax;
}

/** A body in chunks does not tell its length, and is cut where it is too much. */
export async function readText(request: Request, octetsMax: number): Promise<string> {
  if (request.body === null) return "";
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of request.body as ReadableStream<Uint8Array>) {
    octets += chunk.length;
    if (octets > octetsMax) throw tooLong(octetsMax);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Refusal(400, "not-json", "The body is no UTF-8.");
  }
}

/** Exactly the type, whatever parameters stand behind it: what parses must not see another than what checks. */
function isType(given: string, wanted: string): boolean {
  return given.split(";", 1)[0]!.trim().toLowerCase() === wanted;
}

function tooLong(octetsMax: number): Refusal {
  return new Refusal(413, "too-long", `The body is longer than ${octetsMax} octets.`);
}
