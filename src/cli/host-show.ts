/** `nameward host show` */

import { printIdentifier } from "../core/interface-identifier.ts";
import type { Receipt } from "../core/receipt.ts";
import { command } from "./command.ts";
import { getHost } from "./find-things.ts";
import { printColumns } from "./print-columns.ts";
import { hostJson, printTime } from "./print-host.ts";

const receiptsShown = 10;

export const hostShow = command({
  words: "host show",
  summary: "Show a host: its addresses, and what its device asked for lately.",
  arguments: ["NAME"],
  example: "nameward host show cam1.dyn.example.net",
  async run({ arguments: [text = ""], openStore }) {
    await using store = await openStore();
    const host = await getHost(store, text);
    const zone = (await store.listZones()).find(({ id }) => id === host.zone)?.apex ?? "";
    const user = (await store.listUsers()).find(({ id }) => id === host.user)?.name ?? "";
    const receipts = await store.findReceipts(host.name, receiptsShown);
    const identifier = await store.findInterface(host.id);
    const interfaceId = identifier === undefined ? null : printIdentifier(identifier);
    const challenges = await store.listChallenges(host.id);
    const json = { ...hostJson(host, zone, user), interfaceId, challenges };
    const facts = [
      ["host", host.name],
      ["zone", zone],
      ["user", user],
      ["state", json.state],
      ["addresses", json.addresses.join(" ") || "none"],
      ["interface id", interfaceId ?? "none"],
      ...challenges.map((challenge) => ["challenge", challenge]),
      ["created", json.createdAt ?? "-"],
      ["changed", json.changedAt ?? "never"],
    ];
    const asked =
      receipts.length === 0 ? "" : `\n${printColumns([titles, ...receipts.map(receiptRow)])}`;
    return {
      kind: "done",
      text: `${printColumns(facts)}${asked}`,
      json: { ...json, receipts: receipts.map(receiptJson) },
    };
  },
});

const titles = ["TIME", "OUTCOME", "ADDRESSES", "FROM", "LOGIN", "BY", "NOTE"];

function receiptRow(receipt: Receipt): readonly string[] {
  const { atMs, outcome, addresses, peer, username, adapter, note } = receipt;
  const login = username === undefined ? "-" : printOctets(username);
  return [printTime(atMs) ?? "", outcome, addresses || "-", peer, login, adapter, note];
}

function receiptJson(receipt: Receipt) {
  const { asked, outcome, addresses, peer, username, adapter, userAgent, note } = receipt;
  return {
    at: printTime(receipt.atMs),
    asked,
    outcome,
    addresses: addresses === "" ? [] : addresses.split(","),
    peer,
    username: username === undefined ? null : printOctets(username),
    adapter,
    userAgent,
    note,
  };
}

/** User names of logins are kept one character an octet; most are UTF-8. */
function printOctets(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}
