/**
 * What a web page says of the address it is asked from: alone, as JSON, or as the `Current IP Address:` of old.
 * A page for people, as hotels and airports serve in the place of any other, is no answer.
 */

import packageJson from "../../../package.json" with { type: "json" };
import { fetchText } from "./fetch-text.ts";
import { failed, findAddresses, judge } from "./judge.ts";
import type { Policy } from "./judge.ts";
import type { Source } from "./source.ts";

const octetsMax = 8_192;
const waitMsMax = 10_000;

export function makeHttpSource(url: URL, policy: Policy, msMax = waitMsMax): Source {
  const headers = { "User-Agent": `Nameward - client - ${packageJson.version}`, Accept: "*/*" };
  return {
    name: `http ${url.href}`,
    detect: async (family, signal) => {
      const fetched = await fetchText({ url, headers, family, octetsMax, msMax }, signal);
      if (fetched.kind === "failed") return fetched;
      const text = readPage(fetched.text);
      if (text === undefined) return failed("it answers with a page for people");
      return judge(findAddresses(text), family, policy);
    },
  };
}

/** All that a page with nothing but an address has been seen to have. No links, forms or scripts. */
const plainTags: ReadonlySet<string> = new Set(
  "!doctype html head title body p br hr pre b strong h1 h2 center font div span tt".split(" "),
);
/** More words than this are not about an address only. */
const textCharactersMax = 300;

/** The text of a page, without its tags. Undefined for a page that has more to say. Exported for its test. */
export function readPage(page: string): string | undefined {
  for (const [, name = ""] of page.matchAll(/<\/?([!a-z][a-z0-9]*)/gi)) {
    if (!plainTags.has(name.toLowerCase())) return undefined;
  }
  const text = page.replace(/<[^<>]*>/g, " ").trim();
  return text.length > textCharactersMax ? undefined : text;
}
