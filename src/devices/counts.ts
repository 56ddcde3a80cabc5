/** What the device listeners have seen, as running totals. Metrics read them; only listeners write. */

import type { DeviceReply } from "../adapters/device-request.ts";

/** Every limit that can be reached, by the name under which it is counted. */
export const deviceLimitNames = [
  "connections",
  "connections-per-address",
  "head-octets",
  "body-octets",
  "headers",
  "head-deadline",
  "body-deadline",
  "answer-deadline",
  "write-deadline",
  "linger-deadline",
  "linger-octets",
  "held-connections",
  "held-connections-per-address",
] as const;

export type DeviceLimitName = (typeof deviceLimitNames)[number];

export interface DeviceCounts {
  /** Connections that came in, refused ones included. */
  accepted: number;
  /** Connections that are open now. */
  open: number;
  /** Answers that wait now, see `DeviceReply.holdMs`. */
  held: number;
  /** All that waited or wait. */
  heldEver: number;
  /** Requests that were read whole and handed to the service. */
  requests: number;
  /** Of those, the ones that came without a version. */
  http09: number;
  /** Replies begun, by status. */
  readonly replies: Map<DeviceReply["status"], number>;
  /** Requests that never reached the service, by the status they got. */
  readonly rejected: Map<DeviceReply["status"], number>;
  readonly limits: Map<DeviceLimitName, number>;
  /** The service threw. */
  failures: number;
  /** The peer was gone before its reply was written. */
  abandoned: number;
}

export function makeDeviceCounts(): DeviceCounts {
  return {
    accepted: 0,
    open: 0,
    held: 0,
    heldEver: 0,
    requests: 0,
    http09: 0,
    replies: new Map(),
    rejected: new Map(),
    limits: new Map(deviceLimitNames.map((name) => [name, 0])),
    failures: 0,
    abandoned: 0,
  };
}

export function countOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
