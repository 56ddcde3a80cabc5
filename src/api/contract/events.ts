/** What `GET /events` sends: the name of each event, and the shape of its data. */

import { z } from "zod";
import { hostStates, receipt } from "./hosts.ts";
import { hostName, time } from "./shapes.ts";

/** Names of `topics` in the question: `receipts,hosts`. Requests come only with a ticket. */
export const eventTopics = ["receipts", "hosts", "counters"] as const;

export const events = {
  /** Of the caller's hosts. */
  receipt,
  /** A host's state or address is another. */
  host: z.strictObject({
    name: hostName,
    state: z.enum(hostStates),
    v4: z.string().nullable(),
    v6: z.string().nullable(),
    heardAt: time.nullable(),
    changedAt: time.nullable(),
  }),
  /** Once a second, for the operator. */
  counters: z.record(z.string(), z.number()),
  /** For a page that listens: a request that may be meant for its host. */
  request: z.strictObject({
    at: time,
    /** How it was recognized; by the peer's address alone nothing is told but its shape. */
    by: z.enum(["host", "login", "peer"]),
    isGood: z.boolean(),
    outcome: z.string(),
    /** Method and path, with every value masked. */
    shape: z.string(),
    adapter: z.string().nullable(),
    addresses: z.array(z.string()),
    reason: z.string(),
    remedy: z.string().nullable(),
    /** From the request to the answer of DNS, after a success. */
    servedAfterMs: z.number().nullable(),
  }),
} as const satisfies Record<string, z.ZodType>;
