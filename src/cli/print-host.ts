/** Hosts as people and programs see them. */

import { addressFromOctets } from "../base/address.ts";
import type { Host } from "../core/host.ts";

/** `waiting`: no device has ever set an address. `held`: blocked. `fixed`: what devices report is not applied. */
export type HostState = "waiting" | "current" | "held" | "fixed";

export function hostState(host: Host): HostState {
  if (host.isBlocked) return "held";
  if (host.isFixed) return "fixed";
  return host.changedAtMs === undefined ? "waiting" : "current";
}

export function hostAddresses({ v4, v6 }: Host): readonly string[] {
  return [v4, v6].flatMap((octets) =>
    octets === undefined ? [] : [addressFromOctets(octets).text],
  );
}

/** `2026-05-04T10:22:31Z`; nothing when it never was. */
export function printTime(atMs: number | undefined): string | null {
  if (atMs === undefined) return null;
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, "Z");
}

/** The fields that every command which prints a host has in common. */
export function hostJson(host: Host, zone: string, user: string) {
  return {
    name: host.name,
    zone,
    user,
    state: hostState(host),
    addresses: hostAddresses(host),
    createdAt: printTime(host.createdAtMs),
    changedAt: printTime(host.changedAtMs),
  };
}
