/** Hosts: names whose addresses their devices keep up to date. */

import type { HostName } from "./host-name.ts";
import type { UserId } from "./user.ts";
import type { ZoneId } from "./zone.ts";

export type HostId = number;

/** What a host resolves to: one address a family, or none. */
export interface HostAddresses {
  /** 4 octets. */
  readonly v4: Uint8Array | undefined;
  /** 16 octets. */
  readonly v6: Uint8Array | undefined;
}

export interface Host extends HostAddresses {
  readonly id: HostId;
  readonly zone: ZoneId;
  readonly user: UserId;
  readonly name: HostName;
  /** Held by the operator: devices are told `abuse`. */
  readonly isBlocked: boolean;
  /** By its owner's choice the addresses stay: what devices report is recorded and not applied. */
  readonly isFixed: boolean;
  readonly createdAtMs: number;
  /** When an address last changed; undefined when it never did. */
  readonly changedAtMs: number | undefined;
}

/** A new state of one host's addresses, decided and not yet stored. */
export interface AddressChange extends HostAddresses {
  readonly host: HostId;
  readonly atMs: number;
}
