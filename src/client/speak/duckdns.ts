/** DuckDNS's form: a token in the query, and one word for all hosts. */

import { askHttp } from "./http-ask.ts";
import { httpServerWants, parseHttpServer } from "./http-server.ts";
import { judgeStatus } from "./judge-status.ts";
import type { HostAnswer, Update } from "./service.ts";
import { findSetting, settingMistake } from "./service-row.ts";
import type { ServiceRow } from "./service-row.ts";

const hostsMax = 20;

export const duckdns = {
  doc: "DuckDNS, and what speaks its form.",
  hostsMax,
  settings: {
    server: { doc: `Where the service listens: ${httpServerWants}.`, fallback: "www.duckdns.org" },
    token: { doc: "The token of the account.", isRequired: true, isSecret: true },
  },
  make(given, surroundings) {
    const server = parseHttpServer(findSetting(given, "server") ?? "www.duckdns.org");
    if (server === undefined) return settingMistake("server", "something else", httpServerWants);
    const token = findSetting(given, "token") ?? "";
    return {
      name: `duckdns ${server}`,
      hostsMax,
      async send(update, signal) {
        const url = new URL(`${server}/update?${parameters(update, token)}`);
        const reply = await askHttp({ url }, surroundings, signal);
        const answer = judgeStatus(reply) ?? readWord(reply.kind === "reply" ? reply.text : "");
        return update.hosts.map(() => answer);
      },
    };
  },
} as const satisfies ServiceRow;

/** DuckDNS knows its hosts by their first label; other services of the form by the whole name. */
function parameters(update: Update, token: string): string {
  const domains = update.hosts.map((host) =>
    encodeURIComponent(host.replace(/\.duckdns\.org\.?$/i, "")),
  );
  const v4 = update.v4 === undefined ? "" : `&ip=${update.v4.text}`;
  const v6 = update.v6 === undefined ? "" : `&ipv6=${update.v6.text}`;
  return `domains=${domains.join(",")}&token=${encodeURIComponent(token)}${v4}${v6}&verbose=true`;
}

/** With `verbose` the last of the lines behind `OK` says whether anything changed. */
function readWord(body: string): HostAnswer {
  const lines = body.trim().split(/\s*\n\s*/, 8);
  if (lines[0] === "KO") return { kind: "refused", word: "KO" };
  if (lines[0] !== "OK") {
    return { kind: "failed", why: "The reply is neither OK nor KO", waitMs: undefined };
  }
  return { kind: lines.at(-1) === "NOCHANGE" ? "unchanged" : "accepted" };
}
