/** The filter of receipts, in the list and live: words of what was asked, and the keys below, each with `-` for not. */

import { parseTerms } from "./filter-terms.ts";
import type { FilterTerm } from "./filter-terms.ts";

export const receiptKeys = [
  "host",
  "zone",
  "address",
  "device",
  "login",
  "outcome",
  "peer",
  "adapter",
] as const;
export type ReceiptTerm = FilterTerm<(typeof receiptKeys)[number]>;

/** What a term may look at: a receipt as it is told. */
export interface FilteredReceipt {
  readonly host: string | null;
  readonly asked: string;
  readonly username: string | null;
  readonly peer: string;
  readonly adapter: string;
  readonly userAgent: string;
  readonly outcome: string;
  readonly addresses: readonly string[];
  readonly reason: string;
}

export function parseReceiptFilter(text: string): readonly ReceiptTerm[] {
  return parseTerms(text, receiptKeys);
}

export function isReceiptWanted(receipt: FilteredReceipt, terms: readonly ReceiptTerm[]): boolean {
  return terms.every((term) => fits(receipt, term) !== term.isNot);
}

function fits(receipt: FilteredReceipt, { key, text }: ReceiptTerm): boolean {
  const { host, asked, username, peer, adapter, userAgent, outcome, addresses, reason } = receipt;
  const name = host ?? asked.toLowerCase();
  switch (key) {
    case undefined:
      return [asked, userAgent, reason].some((one) => one.toLowerCase().includes(text));
    case "host":
      return host === text || asked.toLowerCase() === text;
    case "zone":
      return name === text || name.endsWith(`.${text}`);
    case "address":
      return addresses.some((address) => address.startsWith(text));
    case "device":
      return userAgent.toLowerCase().includes(text);
    case "login":
      return username?.toLowerCase() === text;
    case "outcome":
      return outcome === text;
    case "peer":
      return peer.startsWith(text);
    case "adapter":
      return adapter.toLowerCase() === text;
  }
}
