/** Nameward's own API: a token, a PUT a host, and problems (RFC 9457) that name what is wrong. */

import { askHttp } from "./http-ask.ts";
import type { HttpReply } from "./http-ask.ts";
import { httpServerWants, parseHttpServer } from "./http-server.ts";
import { judgeStatus } from "./judge-status.ts";
import type { HostAnswer, Update } from "./service.ts";
import { findSetting, settingMistake } from "./service-row.ts";
import type { ServiceRow } from "./service-row.ts";

/** As the API makes them: what else would be a header of its own is no token. */
const tokenForm = /^[\x21-\x7e]{1,256}$/;

export const nameward = {
  doc: "Nameward's API, with a token that may set addresses.",
  hostsMax: 1,
  settings: {
    server: { doc: `Where the dashboard is: ${httpServerWants}.`, isRequired: true },
    token: {
      doc: "An API token with addresses:write for the hosts.",
      isRequired: true,
      isSecret: true,
    },
  },
  make(given, surroundings) {
    const server = parseHttpServer(findSetting(given, "server") ?? "");
    if (server === undefined) return settingMistake("server", "something else", httpServerWants);
    const bearer = findSetting(given, "token") ?? "";
    if (!tokenForm.test(bearer)) {
      return settingMistake("token", "something else", "a token as it was shown, without blanks");
    }
    return {
      name: `nameward ${server}`,
      hostsMax: 1,
      async send(update, signal) {
        const answers: HostAnswer[] = [];
        for (const host of update.hosts) {
          const url = new URL(`${server}/api/v1/hosts/${encodeURIComponent(host)}/addresses`);
          const put = { method: "PUT", body: bodyOf(update), bearer } as const;
          answers.push(judge(await askHttp({ url, ...put }, surroundings, signal)));
        }
        return answers;
      },
    };
  },
} as const satisfies ServiceRow;

/** A family that is left out stays as it is. */
function bodyOf({ v4, v6 }: Update): string {
  return JSON.stringify({ v4: v4?.text, v6: v6?.text });
}

function judge(reply: HttpReply): HostAnswer {
  const judged = judgeStatus(reply);
  if (reply.kind === "failed") return judged ?? { ...reply, waitMs: undefined };
  if (judged === undefined) {
    // A portal that lets nobody out answers 200 too.
    const isHost = readField(reply.text, "zone") !== undefined;
    if (isHost) return { kind: "accepted" };
    return { kind: "failed", why: "The reply is no host of Nameward's API", waitMs: undefined };
  }
  const code = readField(reply.text, "code");
  const isMeant = refusals.has(reply.status) && code !== undefined;
  return isMeant ? { kind: "refused", word: code } : judged;
}

/** Nothing gets better by asking again: 401 a wrong token, 403 its policy or a hold, 404 no such host, 422 no address. */
const refusals: ReadonlySet<number> = new Set([401, 403, 404, 409, 422]);

/** A text of a JSON object, where it is a word or a name. */
function readField(text: string, name: string): string | undefined {
  try {
    const value: unknown = (JSON.parse(text) as Record<string, unknown> | null)?.[name];
    return typeof value === "string" && /^[\w.-]{1,255}$/.test(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
