/** A thread that reads all the time while the main thread writes, and judges every answer it gets. */

import { Responder } from "../../src/nameserver/respond.ts";
import { ZoneReader } from "../../src/zone/zone-reader.ts";
import { parseReply } from "./reply.ts";

declare const self: Worker;

export interface RaceOrders {
  readonly zones: SharedArrayBuffer;
  readonly hashSeed: number;
  readonly reader: number;
  /** Word 0: 1 asks the threads to stop. From word 1 on: the newest value published for each name. */
  readonly published: SharedArrayBuffer;
  /** The planted fault: the thread does not say that it reads, so what it reads is written over. */
  readonly isSilent: boolean;
  readonly questions: readonly { readonly query: Uint8Array; readonly kind: RaceKind }[];
}

/**
 * `moving`: always exists, its A and AAAA hold the same value, which only grows. `flickering`: comes
 * and goes below a wildcard, which answers for it meanwhile. `fixed`: never changes. `closing`: is
 * there whenever its zone is.
 */
export type RaceKind = "moving" | "flickering" | "fixed" | "closing";

export interface RaceReport {
  readonly answers: number;
  readonly faults: readonly string[];
}

const faultsToldMax = 5;
const refused = 5;

self.addEventListener(
  "message",
  (event: MessageEvent<RaceOrders>) => self.postMessage(race(event.data)),
  { once: true },
);

function race(orders: RaceOrders): RaceReport {
  const reader = new ZoneReader(orders.zones, orders.hashSeed, orders.reader);
  if (orders.isSilent) reader.enter = () => undefined;
  const responder = new Responder(reader);
  const published = new Int32Array(orders.published);
  const faults: string[] = [];
  let answers = 0;
  while (Atomics.load(published, 0) === 0 && faults.length < faultsToldMax) {
    for (const [i, { query, kind }] of orders.questions.entries()) {
      const least = Atomics.load(published, 1 + i);
      let fault: string | undefined;
      try {
        const length = responder.respond(query, query.length, "tcp");
        fault = judge(responder.reply.slice(0, length), kind, least);
      } catch (error) {
        fault = String(error);
      }
      answers++;
      if (fault !== undefined) faults.push(`${kind} ${i}: ${fault}`);
    }
  }
  return { answers, faults };
}

/** A value is four octets, and all RDATA of an answer are copies of one value. */
function judge(reply: Uint8Array, kind: RaceKind, least: number): string | undefined {
  const { rcode, answer, authority } = parseReply(reply);
  if (kind === "closing" && rcode === refused) return undefined;
  if (rcode !== 0) return `rcode ${rcode}`;
  if (answer.length === 0) return `no answer, ${authority.length} in authority`;
  const value = answer[0]!.rdata.readUInt32BE(0);
  for (const { rdata, ttl } of answer) {
    if (ttl !== 60) return `a TTL of ${ttl}`;
    for (let at = 0; at < rdata.length; at += 4) {
      if (rdata.readUInt32BE(at) !== value) return "two values in one answer";
    }
  }
  if (kind === "moving" && value < least) return `${value} after ${least} was published`;
  if (kind === "fixed" && value !== least) return `${value} instead of ${least}`;
  return undefined;
}
