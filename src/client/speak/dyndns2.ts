/** dyndns2, the protocol of Dyn's Remote Access API, which most services speak. */

import { askHttp } from "./http-ask.ts";
import { httpServerWants, parseHttpServer } from "./http-server.ts";
import { judgeStatus } from "./judge-status.ts";
import { readReturnCodes } from "./return-codes.ts";
import type { Update } from "./service.ts";
import { findSetting, settingMistake } from "./service-row.ts";
import type { ServiceRow } from "./service-row.ts";

/** Dyn's rules; above it a service answers `numhost`. */
const hostsMax = 20;

export const dyndns2 = {
  doc: "dyndns2 over HTTP, as Nameward and most services speak it.",
  hostsMax,
  settings: {
    server: { doc: `Where the service listens: ${httpServerWants}.`, isRequired: true },
    path: {
      doc: "The path; it may hold parameters of its own: /nic/update?system=dyndns",
      fallback: "/nic/update",
    },
    user: { doc: "The user, or what stands for it.", isRequired: true },
    password: { doc: "The password, key or token.", isRequired: true, isSecret: true },
  },
  make(given, surroundings) {
    const server = parseHttpServer(findSetting(given, "server") ?? "");
    if (server === undefined) return settingMistake("server", "something else", httpServerWants);
    const path = findSetting(given, "path") ?? "/nic/update";
    if (!/^\/(?!\/)[\x21-\x7e]*$/.test(path) || path.includes("#")) {
      return settingMistake("path", "something else", "a path that begins with one /");
    }
    const user = findSetting(given, "user") ?? "";
    // RFC 7617 §2: the first colon ends the user.
    if (user.includes(":")) return settingMistake("user", "a colon", "a user without a colon");
    const basic = { user, password: given["password"] ?? "" };
    return {
      name: `dyndns2 ${server}`,
      hostsMax,
      async send(update, signal) {
        const url = new URL(
          `${server}${path}${path.includes("?") ? "&" : "?"}${parameters(update)}`,
        );
        const reply = await askHttp({ url, basic }, surroundings, signal);
        const judged = judgeStatus(reply);
        if (judged !== undefined) return update.hosts.map(() => judged);
        return readReturnCodes(reply.kind === "reply" ? reply.text : "", update.hosts.length);
      },
    };
  },
} as const satisfies ServiceRow;

/** Commas and colons stay: older services compare before they decode. */
function parameters(update: Update): string {
  const hosts = update.hosts.map(encodeURIComponent).join(",");
  const addresses = [update.v4, update.v6].flatMap((address) => address?.text ?? []).join(",");
  return `hostname=${hosts}&myip=${addresses}`;
}
