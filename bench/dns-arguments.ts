/** What `npm run bench:dns` may be told. */

import { dnsCases } from "./dns-cases.ts";
import type { CaseName } from "./dns-cases.ts";
import { peerNames } from "./peer-rows.ts";
import type { PeerName } from "./peer-rows.ts";

export type ServerName = "nameward" | PeerName;

export const serverNames: readonly ServerName[] = ["nameward", ...peerNames];
const caseNames = dnsCases.map(({ name }) => name);

export interface DnsChoice {
  readonly kind: "choice";
  readonly isQuick: boolean;
  readonly servers: readonly ServerName[];
  readonly cases: readonly CaseName[];
}

export type DnsArguments = DnsChoice | { readonly kind: "help" } | Mistake;

interface Mistake {
  readonly kind: "mistake";
  readonly why: string;
}

export const dnsHelp = `npm run bench:dns -- [--quick] [--only=SERVER,…] [--case=CASE,…]

Our name server beside others, one at a time on one processor, dnsperf on another.

  --quick      one short round instead of several: less certain
  --only=…     ${serverNames.join(", ")}
  --case=…     ${caseNames.join(", ")}
`;

export function parseDnsArguments(given: readonly string[]): DnsArguments {
  let isQuick = false;
  let servers = serverNames;
  let cases: readonly CaseName[] = caseNames;
  for (const argument of given) {
    const [word = "", value = ""] = argument.split("=", 2);
    switch (word) {
      case "--help":
        return { kind: "help" };
      case "--quick":
        if (argument !== word) return mistake(`${word} takes no value`);
        isQuick = true;
        break;
      case "--only": {
        const chosen = parseList(value, serverNames);
        if (typeof chosen === "string") return mistake(`There is no server "${chosen}"`);
        servers = chosen;
        break;
      }
      case "--case": {
        const chosen = parseList(value, caseNames);
        if (typeof chosen === "string") return mistake(`There is no case "${chosen}"`);
        cases = chosen;
        break;
      }
      default:
        return mistake(`"${argument}" is not understood`);
    }
  }
  return { kind: "choice", isQuick, servers, cases };
}

/** Those of the known that were named, in our order; or the first that is not known. */
function parseList<Word extends string>(
  text: string,
  known: readonly Word[],
): readonly Word[] | string {
  const named = text.split(",");
  const unknown = named.find((word) => !known.some((one) => one === word));
  return unknown ?? known.filter((word) => named.includes(word));
}

function mistake(why: string): Mistake {
  return { kind: "mistake", why };
}
