/** Zones and the records in them, as the service keeps them. */

import type { HostName } from "./host-name.ts";
import type { UserId } from "./user.ts";

export type ZoneId = number;

export interface Zone {
  readonly id: ZoneId;
  /** Apex as canonical text without the final dot. */
  readonly apex: HostName;
  /** Its hosts may hold private, loopback and CGNAT addresses. */
  readonly isPrivate: boolean;
  /** SOA serial as it was last stored (RFC 1982). */
  readonly serial: number;
  /** People may make hosts in it; left out where only whoever runs the service does. */
  readonly isShared?: true;
  /** Left out where nobody signs up by itself. */
  readonly openings?: readonly ZoneOpening[];
}

/** `device`: MintAuto's; `acme`: programs that speak acme-dns. */
export type OpeningKind = "device" | "acme";

/** The operator lets devices or programs sign up by themselves in this zone. */
export interface ZoneOpening {
  readonly by: OpeningKind;
  /** Whose hosts and logins are made. */
  readonly user: UserId;
  /** No more hosts of that user than this in the zone. */
  readonly hostsMax: number;
}

/** One resource record of a zone that is not a host's address. */
export interface ZoneRecord {
  /** Canonical presentation text, absolute, with escapes; case as it was written. */
  readonly owner: string;
  /** RFC 1035 §3.2.2 and the registry since. */
  readonly type: number;
  readonly ttlSeconds: number;
  /** Wire form, names uncompressed. */
  readonly rdata: Uint8Array;
}
