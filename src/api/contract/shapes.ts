/** Shapes that many routes share. Times are ISO 8601 in UTC, to the millisecond; ids are opaque texts. */

import { z } from "zod";

export const time = z.iso.datetime({ precision: 3 });
export const id = z.string().min(1).max(64);
export const hostName = z.string().min(3).max(253);
export const zoneName = z.string().min(1).max(253);
export const userName = z.string().min(1).max(64);
/** Exactly as typed, trailing blanks included (ASVS 6.2.8). */
export const password = z.string().min(1).max(128);
export const newPassword = z.string().min(12).max(128);
export const mail = z.string().min(3).max(254);
export const secondFactorCode = z.string().min(6).max(32);
export const cidr = z.string().min(2).max(49);
export const label = z.string().min(1).max(100);
export const nothing = z.strictObject({});

/** A page of a list. `next` goes into `after` of the question for the following page; null: there is none. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), next: z.string().nullable() });
}

export const pageQuery = z.strictObject({
  after: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** RFC 9457, with a hint for the person, and mistakes of single fields by their JSON pointer. */
export const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  /** A word that programs may look at; stable. */
  code: z.string(),
  hint: z.string().optional(),
  requestId: z.string(),
  errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;
