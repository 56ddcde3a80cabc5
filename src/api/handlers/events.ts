/** What happens, as it happens: receipts and states of the own hosts, and what knocks while a page listens for it. */

import { addressFromOctets } from "../../base/address.ts";
import { BoundedMap } from "../../base/bounded-map.ts";
import { makeSecretText } from "../../base/chance.ts";
import { parseHostName } from "../../core/host-name.ts";
import type { HostId } from "../../core/host.ts";
import { reasonOf } from "../../core/receipt-reason.ts";
import type { Receipt } from "../../core/receipt.ts";
import type { Person, Program } from "../caller.ts";
import { printDeviceUrl } from "../device-address.ts";
import type { EventHub, HubEvent } from "../event-hub.ts";
import type { Handlers } from "../handler.ts";
import type { Holds } from "../identify.ts";
import type { HostParts } from "../host-parts.ts";
import { mayTouch } from "../may-touch.ts";
import { isReceiptWanted, parseReceiptFilter } from "../receipt-filter.ts";
import { notFound, Refusal } from "../refusal.ts";
import { stateOfHost } from "./hosts.ts";
import { maySee, receiptReply } from "./receipts.ts";

/** What a page listens for: its host by name, the logins for it, and the address it listens from. */
interface Listening {
  readonly account: number;
  readonly host: HostId;
  readonly peer: string;
}

const ticketsMax = 10_000;
const ticketCharacters = 32;

export function eventHandlers(
  parts: HostParts,
  hub: EventHub,
  holds: Holds,
): Handlers<"listEvents" | "listen"> {
  const tickets = new BoundedMap<string, Listening>(ticketsMax);
  return {
    listen({ caller, parameters, peer, request }) {
      const { hosts } = parts.directory;
      const name = parseHostName(parameters.name);
      const host = name === undefined ? undefined : hosts.find(name);
      if (name === undefined || host === undefined) throw notFound();
      const zone = parts.directory.findZone(hosts.zone(host))?.apex ?? "";
      if (!mayTouch(caller, "hosts:read", { owner: hosts.user(host), zone, name }))
        throw notFound();
      const ticket = makeSecretText(parts.chance, ticketCharacters);
      tickets.set(ticket, { account: caller.user.id, host, peer: peer.text });
      return { ticket, deviceUrl: printDeviceUrl(parts.devices, request) };
    },

    listEvents({ caller, query, request, peer }) {
      const listening = query.ticket === undefined ? undefined : tickets.find(query.ticket);
      if (query.ticket !== undefined && listening?.account !== caller.user.id) throw notFound();
      const topics = new Set((query.topics ?? "receipts,hosts").split(","));
      const terms = parseReceiptFilter(query.q ?? "");
      const choose = (event: HubEvent): HubEvent | undefined => {
        if (event.name === "counters") {
          return topics.has("counters") && caller.user.isAdmin ? event : undefined;
        }
        if (event.name === "host") {
          if (listening !== undefined || !topics.has("hosts")) return undefined;
          return hostEvent(event.data as HostId, caller, parts);
        }
        const receipt = event.data as Receipt;
        if (listening !== undefined) return chooseForPage(receipt, listening, parts);
        if (!topics.has("receipts") || !maySee(caller, receipt, parts)) return undefined;
        const data = receiptReply(receipt, parts);
        return isReceiptWanted(data, terms) ? { name: "receipt", data } : undefined;
      };
      const last = Number(request.headers.get("last-event-id") ?? Number.NaN);
      const subscription = { account: caller.user.id, choose, holds: holds(request, peer) };
      const stream = hub.subscribe(subscription, Number.isFinite(last) ? last : undefined);
      if (stream !== undefined) return stream;
      throw new Refusal(429, "too-many-streams", "Too many pages listen at once.", {
        hint: "Close some of them.",
        retryAfterSeconds: 5,
      });
    },
  };
}

/** What a list shows of a host, after something was heard of it. */
function hostEvent(id: HostId, caller: Person | Program, parts: HostParts): HubEvent | undefined {
  const { directory, contacts } = parts;
  const name = directory.hosts.findName(id);
  if (name === undefined) return undefined;
  const zone = directory.findZone(directory.hosts.zone(id))?.apex ?? "";
  if (!mayTouch(caller, "hosts:read", { owner: directory.hosts.user(id), zone, name }))
    return undefined;
  const { v4, v6 } = directory.hosts.addresses(id);
  const print = (octets: Uint8Array | undefined): string | null =>
    octets === undefined ? null : addressFromOctets(octets.slice()).text;
  const printTime = (atMs: number | undefined): string | null =>
    atMs === undefined ? null : new Date(atMs).toISOString();
  const changedAtMs = directory.hosts.changedAtMs(id) || undefined;
  return {
    name: "host",
    data: {
      name,
      state: stateOfHost(id, parts),
      v4: print(v4),
      v6: print(v6),
      heardAt: printTime(contacts.heardAtMs(id) ?? changedAtMs),
      changedAt: printTime(changedAtMs),
    },
  };
}

/** A request that may be meant for the page's host. By its address alone nothing of it is told that could be another's. */
function chooseForPage(
  receipt: Receipt,
  { host, peer, account }: Listening,
  parts: HostParts,
): HubEvent | undefined {
  const { directory } = parts;
  const name = directory.hosts.findName(host);
  if (name === undefined) return undefined;
  const asked = parseHostName(receipt.asked);
  const login = receipt.username === undefined ? undefined : directory.findLogin(receipt.username);
  const isByName = receipt.host === host || asked === name;
  const isByLogin =
    login !== undefined && login.user === account && directory.mayUpdate(login, host);
  const by = isByName ? "host" : isByLogin ? "login" : receipt.peer === peer ? "peer" : undefined;
  if (by === undefined) return undefined;
  const { reason, remedy } = reasonOf(receipt);
  const isGood = receipt.outcome === "changed" || receipt.outcome === "unchanged";
  const isTold = by !== "peer";
  return {
    name: "request",
    data: {
      at: new Date(receipt.atMs).toISOString(),
      by,
      isGood: isGood && isTold,
      outcome: isTold ? receipt.outcome : "seen",
      shape: receipt.adapter,
      adapter: receipt.adapter,
      addresses: isTold && receipt.addresses !== "" ? receipt.addresses.split(",") : [],
      reason: isTold ? reason : "A request came from your address, for another name or login.",
      remedy: isTold
        ? (remedy ?? null)
        : "If it is this device's: compare the host name and the user name on it with the ones here.",
      servedAfterMs: isGood && isTold ? 0 : null,
    },
  };
}
