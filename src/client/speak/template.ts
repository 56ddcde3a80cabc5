/** A service that is described by the URL it wants: `https://dyn.example.com/set?h={host}&a={ip4}&k={password}`. */

import { askHttp } from "./http-ask.ts";
import type { HttpReply } from "./http-ask.ts";
import { judgeStatus } from "./judge-status.ts";
import type { HostAnswer } from "./service.ts";
import { findSetting, settingMistake } from "./service-row.ts";
import type { ServiceRow } from "./service-row.ts";
import { fillTemplate, parseTemplate, urlTemplateWants } from "./url-template.ts";

export const template = {
  doc: "Any service that takes an update as a GET of one URL.",
  hostsMax: 1,
  settings: {
    url: { doc: `The URL: ${urlTemplateWants}.`, isRequired: true },
    success: {
      doc: "Words that only the reply to an update that was taken holds, separated by |: good|nochg",
      isRequired: true,
    },
    user: { doc: "For {user}; sent as Basic when the URL has no {user} and no {password}." },
    password: { doc: "For {password}, or for Basic.", isSecret: true },
  },
  make(given, surroundings) {
    const url = parseTemplate(findSetting(given, "url") ?? "");
    if (url === undefined) return settingMistake("url", "something else", urlTemplateWants);
    const words = (findSetting(given, "success") ?? "").split("|").map((word) => word.trim());
    if (words.some((word) => word === "")) {
      return settingMistake("success", "an empty word", "words with | between them");
    }
    const [user, password] = [findSetting(given, "user") ?? "", given["password"] ?? ""];
    const takesCredential = url.placeholders.has("user") || url.placeholders.has("password");
    if (!takesCredential && user.includes(":")) {
      return settingMistake("user", "a colon", "a user without a colon"); // RFC 7617 §2
    }
    const basic = takesCredential || user === "" ? undefined : { user, password };
    return {
      name: `template ${url.origin}`,
      hostsMax: 1,
      async send(update, signal) {
        const answers: HostAnswer[] = [];
        for (const host of update.hosts) {
          const ips = { ip4: update.v4?.text, ip6: update.v6?.text };
          const filled = fillTemplate(url, { host, user, password, ...ips });
          answers.push(
            filled === undefined
              ? { kind: "failed", why: "The URL has no place for this address", waitMs: undefined }
              : judge(await askHttp({ url: filled, basic }, surroundings, signal), words),
          );
        }
        return answers;
      },
    };
  },
} as const satisfies ServiceRow;

function judge(reply: HttpReply, words: readonly string[]): HostAnswer {
  const judged = judgeStatus(reply);
  if (judged !== undefined) return judged;
  const text = reply.kind === "reply" ? reply.text : "";
  // Every captive portal has a page, and some page has every word.
  if (/<!doctype html|<html/i.test(text)) {
    return {
      kind: "failed",
      why: "The reply is a page: is this a captive portal?",
      waitMs: undefined,
    };
  }
  if (words.some((word) => hasWord(text, word))) return { kind: "accepted" };
  return { kind: "failed", why: "The reply holds no word of success", waitMs: undefined };
}

/** Whole words, case kept: `ok` is in `token`, and `OK` in `NOT_OK`. */
function hasWord(text: string, word: string): boolean {
  const isPart = (character: string | undefined): boolean =>
    character !== undefined && /[\p{L}\p{N}_]/u.test(character);
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const cutsBefore = isPart(text[at - 1]) && isPart(word[0]);
    const cutsBehind = isPart(text[at + word.length]) && isPart(word.at(-1));
    if (!cutsBefore && !cutsBehind) return true;
  }
  return false;
}
