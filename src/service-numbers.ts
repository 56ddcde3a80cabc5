/** Puts the parts' own counts together under the names that metrics and the status page use. */

import type { Updates } from "./core/take-update.ts";
import type { DeviceCounts } from "./devices/counts.ts";
import { countedRcodes } from "./nameserver/dns-counts.ts";
import type { NameServer } from "./nameserver/listen-dns.ts";
import { rcodeName } from "./dns/rcode-name.ts";
import type { OpenLog } from "./observe/log.ts";
import type { ServiceNumbers } from "./observe/service-metrics.ts";
import type { Store } from "./store/store.ts";

export interface CountingParts {
  readonly version: string;
  readonly startedAtMs: number;
  readonly updates: Updates;
  readonly dns: NameServer;
  readonly devices: DeviceCounts;
  readonly store: Store;
  readonly log: OpenLog;
  webOpen(): number;
  /** Requests to learn from, and rules on trial, that were too many to be looked at. */
  notesPassedOver(): { readonly unmatched: number; readonly shadow: number };
}

export function serviceNumbers(parts: CountingParts): ServiceNumbers {
  const { updates, dns, devices, store, log } = parts;
  const replies = (transport: "udp" | "tcp"): Record<string, number> => {
    const byRcode: Record<string, number> = {};
    for (const rcode of countedRcodes) {
      const count = dns.countReplies(transport, rcode);
      if (count > 0) byRcode[rcodeName(rcode)] = count;
    }
    return byRcode;
  };
  return {
    version: parts.version,
    startedAtMs: parts.startedAtMs,
    updates: () => updateTotals(updates),
    dnsQueries: () => ({ udp: replies("udp"), tcp: replies("tcp") }),
    openConnections: () => ({
      devices: devices.open,
      dns: dns.count("tcpOpen"),
      web: parts.webOpen(),
    }),
    heldAnswers: () => ({ now: devices.held, ever: devices.heldEver }),
    limitsReached: () => ({
      ...Object.fromEntries([...devices.limits].map(([name, n]) => [`device-${name}`, n])),
      "unmatched-requests": parts.notesPassedOver().unmatched,
      "shadow-notes": parts.notesPassedOver().shadow,
      "dns-tcp-connections": dns.count("tcpRefused"),
      "dns-tcp-connections-per-address": dns.count("tcpRefusedPerAddress"),
      "dns-rate": dns.count("rateLimited"),
      "dns-tcp-idle": dns.count("tcpTimedOut"),
      "dns-tcp-unsent": dns.count("tcpNeverRead"),
    }),
    store: () => store.health(),
    logLinesDropped: () => log.dropped,
  };
}

/** `hosts` counts requests that had an outcome a host, and those are counted one by one already. */
function updateTotals({ counts }: Updates): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([kind]) => kind !== "hosts"));
}
