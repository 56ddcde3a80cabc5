/** What people are told of, where, and what became of it. */

import type { HostId } from "./host.ts";
import type { UserId } from "./user.ts";

export type NotificationKind =
  | "silent"
  | "recovered"
  | "held"
  | "new-login"
  | "failed-authentication"
  | "test";

/** What the first channel of an account tells: everything. */
export const toldAtFirst: readonly NotificationKind[] = [
  "silent",
  "recovered",
  "held",
  "new-login",
  "failed-authentication",
];

export type ChannelKind = "mail" | "webhook";

export interface NewChannel {
  /** Opaque, by chance. */
  readonly id: string;
  readonly user: UserId;
  readonly kind: ChannelKind;
  /** A mail address or a URL. */
  readonly target: string;
  readonly events: readonly NotificationKind[];
  /** Signs webhooks; sealed. */
  readonly secret: Uint8Array | undefined;
  readonly isConfirmed: boolean;
}

export interface Channel extends NewChannel {
  readonly createdAtMs: number;
}

export type DeliveryId = number;

export interface Delivery {
  readonly id: DeliveryId;
  readonly channel: string;
  readonly atMs: number;
  readonly event: NotificationKind;
  /** JSON: what a webhook is sent, and a mail is made of. */
  readonly body: string;
  readonly tries: number;
  readonly isGood: boolean;
  /** What became of it, as a sentence. */
  readonly says: string;
}

export interface DeliveryResult {
  readonly tries: number;
  /** Undefined: it is over. */
  readonly nextAtMs: number | undefined;
  readonly isGood: boolean;
  readonly says: string;
}

/** What is open until it is over, and told once. */
export type IncidentKind = "silent" | "held" | "failed-authentication";

export interface Incident {
  readonly host: HostId;
  readonly kind: IncidentKind;
  readonly openedAtMs: number;
}

/** Something to tell the account of. */
export interface Telling {
  readonly user: UserId;
  readonly event: NotificationKind;
  readonly body: string;
  /** Told only when this begins: the same one is not open. An incident older than `afreshAfterMs` is another. */
  readonly opens?: {
    readonly host: HostId;
    readonly kind: IncidentKind;
    readonly afreshAfterMs?: number;
  };
  /** Told only when this was open, and now it is over. */
  readonly ends?: { readonly host: HostId; readonly kind: IncidentKind };
}

/** A person has one or two; each event goes to all of them. */
export const channelsMax = 10;
/** Of a channel; those before are forgotten. */
export const deliveriesKept = 200;
/** The first try is at once. A receiver that is away for half a day still hears of it. */
const retryAfterMs = [60_000, 300_000, 1_800_000, 7_200_000, 28_800_000] as const;

/** When it is tried again after so many tries; undefined: no more. */
export function findRetry(tries: number, nowMs: number): number | undefined {
  const after = retryAfterMs[tries - 1];
  return after === undefined ? undefined : nowMs + after;
}
