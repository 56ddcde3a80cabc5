/** What the store keeps for whoever runs the service: the audit log, settings of run time, whom to tell of what. */

import type { PasskeyStore } from "../core/accounts/passkey.ts";
import type { AuditEntry, AuditReader, NewAuditEntry } from "../core/audit-entry.ts";
import type { HostId } from "../core/host.ts";
import type {
  Channel,
  Delivery,
  DeliveryId,
  DeliveryResult,
  Incident,
  IncidentKind,
  NewChannel,
  NotificationKind,
  Telling,
} from "../core/notification.ts";
import type { UserId } from "../core/user.ts";

export interface AuditFilter {
  /** Undefined: from the newest. */
  readonly beforeId?: number | undefined;
  readonly limit: number;
  /** Done by the account, or to it. */
  readonly account?: { readonly user: UserId; readonly name: string } | undefined;
  /** What each begins with. */
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  /** Somewhere in it. */
  readonly target?: string | undefined;
  /** Each somewhere in the entry. */
  readonly words?: readonly string[] | undefined;
}

export interface SettingChange {
  readonly name: string;
  /** Null takes it away. */
  readonly value: Uint8Array | null;
}

export interface OperatorStore extends AuditReader, PasskeyStore {
  /** Durable when it resolves. */
  appendAudit(entry: NewAuditEntry): Promise<AuditEntry>;
  /** Newest first. */
  listAudit(filter: AuditFilter): Promise<readonly AuditEntry[]>;

  listSettings(): Promise<readonly SettingChange[]>;
  /** All of them or none. */
  changeSettings(changes: readonly SettingChange[]): Promise<void>;

  addChannel(channel: NewChannel): Promise<"added" | "too-many">;
  listChannels(user: UserId): Promise<readonly Channel[]>;
  findChannel(id: string): Promise<Channel | undefined>;
  setChannelEvents(id: string, events: readonly NotificationKind[]): Promise<void>;
  removeChannel(id: string): Promise<void>;
  /** Puts it on the way to every channel of the account that wants it. Returns how many there are. */
  tell(telling: Telling): Promise<number>;
  endIncident(host: HostId, kind: IncidentKind): Promise<boolean>;
  /** Those of the kind that are open, in order of host, behind `after`. */
  listIncidents(kind: IncidentKind, after: HostId, limit: number): Promise<readonly Incident[]>;
  /** One that nobody else will take up. */
  addDelivery(channel: string, event: NotificationKind, body: string): Promise<Delivery>;
  /** Newest first. */
  listDeliveries(
    channel: string,
    beforeId: DeliveryId | undefined,
    limit: number,
  ): Promise<readonly Delivery[]>;
  findDelivery(channel: string, id: DeliveryId): Promise<Delivery | undefined>;
  listDue(nowMs: number, limit: number): Promise<readonly Delivery[]>;
  noteDelivery(id: DeliveryId, result: DeliveryResult): Promise<void>;
  findConfirmedMail(user: UserId): Promise<string | undefined>;

  /** A step of forgetting: of receipts, and of the past of some hosts behind `after`. */
  forgetBefore(beforeMs: number, after: HostId): Promise<Forgotten>;

  /** The latest first, at most 500. */
  listHeld(): Promise<readonly HeldHost[]>;
  listSignals(nowMs: number): Promise<readonly Signal[]>;
}

/** How many rows went. */
export interface Forgotten {
  readonly receipts: number;
  readonly days: number;
  readonly spans: number;
  /** Where the next step goes on; 0: from the first host. */
  readonly next: HostId;
}

export interface HeldHost {
  readonly host: string;
  readonly owner: string;
  readonly why: string;
  readonly by: string;
  readonly atMs: number | undefined;
}

/** Something that somebody should look at. */
export interface Signal {
  readonly what: string;
  readonly host: string | undefined;
  readonly owner: string | undefined;
  readonly atMs: number;
}
