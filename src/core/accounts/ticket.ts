/** One-time links: of set-up, of invitations, of mails. */

import type { UserId } from "../user.ts";

export type TicketKind = "setup" | "invitation" | "sign-up" | "change-mail" | "reset";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** ASVS 6.5.5 for what comes by mail and signs in; links that a person hands to another last longer. */
export const ticketLifeMs: Readonly<Record<TicketKind, number>> = {
  setup: dayMs,
  invitation: 7 * dayMs,
  "sign-up": dayMs,
  "change-mail": dayMs,
  reset: 10 * minuteMs,
};

export interface Ticket {
  readonly id: string;
  readonly kind: TicketKind;
  /** Whose mail address or password it changes. */
  readonly user: UserId | undefined;
  readonly mail: string | undefined;
  readonly isAdmin: boolean;
  readonly createdBy: UserId | undefined;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** Of a sign-up that waits for its mail. */
  readonly wanted: { readonly name: string; readonly passwordHash: string } | undefined;
}

export type NewTicket = Pick<Ticket, "id" | "kind"> & {
  readonly hash: Uint8Array;
} & Partial<Pick<Ticket, "user" | "mail" | "isAdmin" | "createdBy" | "wanted">>;
