/** What happens, as it happens: receipts and states of the own hosts, and what knocks while a page listens for it. */

import { BoundedMap } from "../../base/bounded-map.ts";
import { makeSecretText } from "../../base/chance.ts";
import { parseHostName } from "../../core/host-name.ts";
import type { HostId } from "../../core/host.ts";
import { reasonOf } from "../../core/receipt-reason.ts";
import type { Receipt } from "../../core/receipt.ts";
import type { EventHub, HubEvent } from "../event-hub.ts";
import type { Handlers } from "../handler.ts";
import type { HostParts } from "../host-parts.ts";
import { mayTouch } from "../may-touch.ts";
import { notFound, Refusal } from "../refusal.ts";
import { maySee, receiptReply } from "./receipts.ts";

/** What a page listens for: its host by name, the logins for it, and the address it listens from. */
interface Listening {
  readonly account: number;
  readonly host: HostId;
  readonly peer: string;
}

const ticketsMax = 10_000;
const ticketCharacters = 32;

export function eventHandlers(parts: HostParts, hub: EventHub): Handlers<"listEvents" | "listen"> {
  const tickets = new BoundedMap<string, Listening>(ticketsMax);
  return {
    listen({ caller, parameters, peer }) {
      const { hosts } = parts.directory;
      const name = parseHostName(parameters.name);
      const host = name === undefined ? undefined : hosts.find(name);
      if (name === undefined || host === undefined) throw notFound();
      const zone = parts.directory.findZone(hosts.zone(host))?.apex ?? "";
      if (!mayTouch(caller, "hosts:read", { owner: hosts.user(host), zone, name }))
        throw notFound();
      const ticket = makeSecretText(parts.chance, ticketCharacters);
      tickets.set(ticket, { account: caller.user.id, host, peer: peer.text });
      return { ticket };
    },

    listEvents({ caller, query, request }) {
      const listening = query.ticket === undefined ? undefined : tickets.find(query.ticket);
      if (query.ticket !== undefined && listening?.account !== caller.user.id) throw notFound();
      const topics = new Set((query.topics ?? "receipts,hosts").split(","));
      const choose = (event: HubEvent): HubEvent | undefined => {
        if (event.name === "counters") {
          return topics.has("counters") && caller.user.isAdmin ? event : undefined;
        }
        const receipt = event.data as Receipt;
        if (listening !== undefined) return chooseForPage(receipt, listening, parts);
        if (!topics.has("receipts") || !maySee(caller, receipt, parts)) return undefined;
        return { name: "receipt", data: receiptReply(receipt, parts) };
      };
      const last = Number(request.headers.get("last-event-id") ?? Number.NaN);
      const subscription = { account: caller.user.id, choose };
      const stream = hub.subscribe(subscription, Number.isFinite(last) ? last : undefined);
      if (stream !== undefined) return stream;
      throw new Refusal(429, "too-many-streams", "Too many pages listen at once.", {
        hint: "Close some of them.",
        retryAfterSeconds: 5,
      });
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
