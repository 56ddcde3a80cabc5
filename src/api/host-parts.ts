/** What the rooms about hosts, logins and receipts need of the service. */

import type { Chance } from "../base/chance.ts";
import type { Clock } from "../base/clock.ts";
import type { AddressSpan, Contacts, DayCounts } from "../core/contacts.ts";
import type { Directory } from "../core/directory.ts";
import type { ImportKey, ImportOutcome, ImportRow, RowVerdict } from "../core/host-import.ts";
import type { HostName } from "../core/host-name.ts";
import type { Host, HostAddresses, HostId } from "../core/host.ts";
import type { InterfaceIdentifier } from "../core/interface-identifier.ts";
import type { LoginUses } from "../core/login-uses.ts";
import type { Login, NewLogin } from "../core/login.ts";
import type { ReceiptRing } from "../core/receipt-ring.ts";
import type { Receipt } from "../core/receipt.ts";
import type { User, UserId } from "../core/user.ts";
import type { ZoneId } from "../core/zone.ts";
import type { Audit } from "./audit.ts";
import type { DeviceAddress } from "./device-address.ts";

export interface HostParts {
  readonly directory: Directory;
  readonly contacts: Contacts;
  readonly loginUses: LoginUses;
  readonly devices: DeviceAddress;
  readonly receipts: ReceiptRing;
  readonly hosts: StoredHosts;
  readonly notes: StoredNotes;
  readonly logins: StoredLogins;
  readonly hostTtlSeconds: number;
  readonly pepper: Uint8Array;
  readonly chance: Chance;
  readonly clock: Clock;
  readonly audit: Audit;
  /** Seals what must be recoverable; made where there is none. */
  getSecretsKey(): Promise<Uint8Array>;
  /** Undefined: there is no such account. */
  findUser(name: string): Promise<User | undefined>;
  userName(id: UserId): string;
  quotaOf(user: User): Promise<{ readonly hosts: number; readonly logins: number }>;
  /** People may make hosts in it; others only whoever runs the service. */
  isShared(zone: ZoneId): boolean;
  /** By a person's hand: durable and in DNS when it resolves. */
  setAddresses(host: HostId, addresses: HostAddresses, receipt: Receipt): Promise<"set" | "gone">;
  /** What our own server and the operator's resolvers answer now, over the net as everybody asks them. */
  askServers(name: HostName): Promise<readonly ServerAnswer[]>;
}

type Made<Thing> =
  | { readonly kind: "made"; readonly made: Thing }
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly why: string };

export interface ServerAnswer {
  readonly server: string;
  readonly v4: string | undefined;
  readonly v6: string | undefined;
  readonly ttlSeconds: number | undefined;
  /** Why there is no answer. */
  readonly fault: string | undefined;
}

export interface StoredHosts {
  listHosts(filter: {
    readonly user?: UserId;
    readonly zone?: ZoneId;
    readonly after?: HostName;
    readonly limit: number;
  }): Promise<readonly Host[]>;
  findHost(name: HostName): Promise<Host | undefined>;
  addHost(name: HostName, zone: ZoneId, user: UserId): Promise<Made<Host>>;
  /** `blocks`: nobody gets the name again. */
  removeHost(name: HostName, blocks?: boolean): Promise<"removed" | "not-found">;
  setInterface(
    host: HostId,
    identifier: InterfaceIdentifier | undefined,
  ): Promise<"set" | "unchanged" | "not-found">;
  findReceipts(host: HostName, limit: number): Promise<readonly Receipt[]>;
}

export interface StoredNotes {
  findHostNote(host: HostId): Promise<
    | {
        readonly note: string;
        readonly guide: string | undefined;
        readonly alertHours: number | undefined;
        readonly heldBy: string | undefined;
        readonly heldWhy: string | undefined;
      }
    | undefined
  >;
  changeHostNote(
    host: HostId,
    change: { note?: string; guide?: string | null; alertHours?: number | null },
  ): Promise<void>;
  setHeld(host: HostId, by: string | undefined, why: string): Promise<"set" | "not-found">;
  setFixed(host: HostId, isFixed: boolean): Promise<"set" | "not-found">;
  judgeImport(rows: readonly ImportRow[]): Promise<readonly RowVerdict[]>;
  importHosts(rows: readonly ImportRow[], key: ImportKey | undefined): Promise<ImportOutcome>;
  listDays(host: HostId, fromDay: number): Promise<readonly DayCounts[]>;
  listSpans(host: HostId, fromMs: number): Promise<readonly AddressSpan[]>;
}

export interface StoredLogins {
  addLogin(login: NewLogin): Promise<Made<Login>>;
  listLogins(user?: UserId): Promise<readonly Login[]>;
  removeLogin(username: string): Promise<"removed" | "not-found">;
}
