/** What `npm run bench:dns` measures: one row a case. */

import { Dice } from "../test/dns/mutate.ts";
import { apex } from "./names.ts";

export type CaseName = "existing" | "nxdomain" | "signed" | "updates";
export type ZoneKind = "plain" | "signed";

export interface DnsCase {
  readonly name: CaseName;
  readonly title: string;
  readonly zone: ZoneKind;
  /** The name of a host, or one that does not exist. */
  printName(dice: Dice): string;
  /** What all replies carry. */
  readonly rcode: "NOERROR" | "NXDOMAIN";
  /** The DO bit (RFC 3225): the answer comes with its signature. */
  readonly isDnssecOk: boolean;
  /** Changes of addresses meanwhile, by the protocol that the server has for them. */
  readonly updatesPerSecond: number;
}

/** Names in the zone, the same for every server. */
export const hosts = 100_000;
/** Drawn by lot, and from the start again when all have been asked. */
const queriesInFile = 100_000;

const existing = {
  title: "A records that exist",
  zone: "plain",
  printName: (dice) => `cam${dice.roll(hosts)}.${apex}`,
  rcode: "NOERROR",
  isDnssecOk: false,
  updatesPerSecond: 0,
} as const satisfies Omit<DnsCase, "name">;

export const dnsCases: readonly DnsCase[] = [
  { ...existing, name: "existing" },
  {
    ...existing,
    name: "nxdomain",
    title: "names that do not exist (NXDOMAIN)",
    printName: (dice) => `${dice.roll(2 ** 32).toString(36)}.${apex}`,
    rcode: "NXDOMAIN",
  },
  {
    ...existing,
    name: "signed",
    title: "A records that exist, signed with ECDSA P-256, DO=1",
    zone: "signed",
    isDnssecOk: true,
  },
  {
    ...existing,
    name: "updates",
    title: "A records that exist, under 5,000 updates a second",
    updatesPerSecond: 5_000,
  },
];

/** A file as dnsperf reads it, the same in every run. */
export function printQueries(dnsCase: DnsCase): string {
  const dice = new Dice(1);
  const lines: string[] = [];
  for (let query = 0; query < queriesInFile; query++) lines.push(`${dnsCase.printName(dice)} A`);
  return `${lines.join("\n")}\n`;
}
