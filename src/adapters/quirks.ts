/**
 * Every client that needs more than its dialect. What is not here is the default: 503 when it is we who are in
 * trouble, no line end, one line a host, the address as it was sent.
 */

import type { Quirk } from "./quirk.ts";

/** Under the 30 s that a TVT recorder waits for an answer. */
const retryStormHoldMs = 25_000;

export const quirks: readonly Quirk[] = [
  {
    id: "opnsense-status",
    client: "OPNsense os-ddclient, its native backend (source)",
    reason: "Every 2xx is success to it, whatever the body says.",
    when: { userAgents: ["opnsense-dyndns"], dialects: ["dyndns"] },
    effects: { strictStatus: true },
  },
  {
    // The agent is that of every program in Go; ddns-go alone sends a content type with a GET as well.
    id: "ddns-go-status",
    client: "ddns-go, its callback (source)",
    reason: "Every status below 300 is success to it, whatever the body says.",
    when: {
      userAgents: ["go-http-client/"],
      headers: [{ name: "content-type" }],
      dialects: ["dyndns"],
    },
    effects: { strictStatus: true },
  },
  {
    id: "ddns-updater-repeats",
    client: "qdm12/ddns-updater, its dyn, opendns and desec (source)",
    reason: "It takes `nochg` for an error.",
    when: { userAgents: ["ddns-updater"], dialects: ["dyndns"] },
    effects: { goodForRepeats: true },
  },
  {
    id: "hiview-repeats",
    client: "TVT recorders with the HiView menu, and No-IP's old form of the same shape (source)",
    reason: "They know only `good` and `badauth`.",
    when: { paths: ["/dns"], keys: ["hostname"] },
    effects: { goodForRepeats: true },
  },
  {
    id: "hiview-host-repeats",
    client: "TVT recorders with the HiView menu (source)",
    reason: "They know only `good` and `badauth`.",
    when: { hosts: ["www.hiview.org"] },
    effects: { goodForRepeats: true },
  },
  {
    id: "core-networks-repeats",
    client: "inadyn's plug-in for core-networks.de (source)",
    reason: "It looks for `good` alone.",
    when: { keys: ["hostname", "keepipv6"], dialects: ["dyndns"] },
    effects: { goodForRepeats: true },
  },
  {
    id: "inadyn-ddnss-repeats",
    client: "inadyn 2.10, its ddnss (seen)",
    reason: "It looks for `Updated` alone, and ends for good at `No change`.",
    when: { userAgents: ["inadyn/"], dialects: ["ddnss"] },
    effects: { goodForRepeats: true },
  },
  {
    id: "ddclient-dme-repeats",
    client: "ddclient 3.10, its dnsmadeeasy (seen)",
    reason:
      "The service's own word for a repeat is a failure to it, which it reports every 5 minutes.",
    when: { userAgents: ["ddclient/"], dialects: ["dme"] },
    effects: { goodForRepeats: true },
  },
  {
    id: "desec-ipv4-repeats",
    client: "clients of deSEC, which says `good` to repeats (source)",
    reason: "Some look for `good` alone.",
    when: { values: [{ key: "myipv4", oneOf: ["preserve"] }], dialects: ["dyndns"] },
    effects: { goodForRepeats: true },
  },
  {
    id: "desec-ipv6-repeats",
    client: "clients of deSEC, which says `good` to repeats (source)",
    reason: "Some look for `good` alone.",
    when: { values: [{ key: "myipv6", oneOf: ["preserve"] }], dialects: ["dyndns"] },
    effects: { goodForRepeats: true },
  },
  {
    id: "tvt-hold",
    client: "TVT recorders with the menus MintDNS, MyQ-See, EasternDNS and their like (source)",
    reason: "They repeat a request that failed every 1 to 2 s, for ever.",
    when: { userAgents: ["ddns-enterprise-client-v2.0"] },
    effects: { holdErrorsMs: retryStormHoldMs },
  },
  {
    id: "tvt-dyndns-hold",
    client: "TVT recorders with the menus dyndns and no-ip (source)",
    reason: "They repeat a request that failed every 1 to 2 s, for ever.",
    when: { userAgents: ["tvt-dvr-1.0"] },
    effects: { holdErrorsMs: retryStormHoldMs },
  },
  {
    id: "java-list",
    client: "the Java updater for myq-see.com (source)",
    reason: "Its test for a match uses up the first one.",
    when: { userAgents: ["java/"], rules: ["mint-xml"] },
    effects: { repeatFirstHost: true },
  },
  {
    id: "tomato-911",
    client: "Tomato and FreshTomato, whose updater calls itself Firefox (source)",
    reason: "It takes `911` for an outage, also inside 2001:db8::911.",
    when: { userAgents: ["mozilla/5.0"], dialects: ["dyndns"] },
    effects: { hideAddressesWith: "911" },
  },
];
