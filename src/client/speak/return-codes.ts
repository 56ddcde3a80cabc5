/** The return codes of dyndns2 as a client reads them, and the only place of the client that knows them. */

import type { HostAnswer } from "./service.ts";

/** Dyn's rules: after `911` and `dnserr` a client stays away for half an hour. */
export const troubleWaitMs = 30 * 60 * 1_000;

type Meaning = "accepted" | "unchanged" | "refused" | "trouble";

interface ReturnCode {
  readonly meaning: Meaning;
  /** Said once for a request, whatever hosts it names. */
  readonly isOfAll?: true;
}

/** By the word, in lower case. To understand another one, add a row. */
const returnCodes: Readonly<Record<string, ReturnCode>> = {
  good: { meaning: "accepted" },
  nochg: { meaning: "unchanged" },
  badauth: { meaning: "refused", isOfAll: true },
  "!donator": { meaning: "refused", isOfAll: true },
  notfqdn: { meaning: "refused" },
  nohost: { meaning: "refused" },
  numhost: { meaning: "refused", isOfAll: true },
  abuse: { meaning: "refused" },
  badagent: { meaning: "refused", isOfAll: true },
  badsys: { meaning: "refused", isOfAll: true }, // Dyn until about 2010, and MintDNS
  "!yours": { meaning: "refused" }, // Dyn until about 2010
  "!active": { meaning: "refused" },
  badip: { meaning: "refused" }, // Hurricane Electric and dy.fi
  noipv4: { meaning: "refused" }, // Hurricane Electric
  noipv6: { meaning: "refused" },
  dnserr: { meaning: "trouble", isOfAll: true },
  911: { meaning: "trouble", isOfAll: true },
  interval: { meaning: "trouble", isOfAll: true }, // Hurricane Electric: sooner than it likes
};

/**
 * One answer a host from a body. Every line must be of the protocol: a page of a captive portal may hold
 * any word, and a host is not where a page says so.
 */
export function readReturnCodes(body: string, hosts: number): readonly HostAnswer[] {
  const lines = linesOf(body);
  const answers = lines.map((line) => readLine(line));
  const [first] = answers;
  if (lines.length === 0) return repeat(failed("The reply is empty"), hosts);
  if (first === undefined) return repeat(notOfProtocol(body), hosts);
  if (answers.length === hosts) return answers.map((answer) => answer ?? notOfProtocol(body));
  const known = answers.filter((answer) => answer !== undefined);
  if (known.length < answers.length) return repeat(notOfProtocol(body), hosts);
  // deSEC and account errors: one word for all.
  if (answers.length === 1) return repeat(first, hosts);
  // nsupdate.info: a line for each address of one host.
  if (hosts === 1) return [worst(known)];
  if (answers.length > hosts) return repeat(failed("The reply has more lines than hosts"), hosts);
  // Account errors end the list.
  const isEnded = returnCodes[wordOf(lines.at(-1)!)]?.isOfAll === true;
  const rest = isEnded ? known.at(-1)! : failed("The reply says nothing of this host");
  return [...known, ...repeat(rest, hosts - known.length)];
}

/** The answer that a word of the protocol gives at the start of a body; for replies of another status. */
export function findReturnCode(body: string): HostAnswer | undefined {
  const [line] = linesOf(body);
  return line === undefined ? undefined : readLine(line);
}

/** Above this nobody has a line to say: hosts of one request are 20. */
const linesMax = 100;

function linesOf(body: string): readonly string[] {
  return body
    .split(/\r\n|\n|\r/, linesMax)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function wordOf(line: string): string {
  return (line.split(/\s/, 1)[0] ?? "").toLowerCase();
}

function readLine(line: string): HostAnswer | undefined {
  const word = wordOf(line);
  const waitMs = readWaitMs(word);
  if (waitMs !== undefined) return failed(`The service answers ${word}`, waitMs);
  const code = Object.hasOwn(returnCodes, word) ? returnCodes[word] : undefined;
  switch (code?.meaning) {
    case undefined:
      return undefined;
    case "accepted":
      // Dyn's way to say that it takes no request of this client any more.
      return /^\S+\s+127\.0\.0\.1$/.test(line)
        ? { kind: "refused", word: "good 127.0.0.1" }
        : { kind: "accepted" };
    case "unchanged":
      return { kind: "unchanged" };
    case "refused":
      return { kind: "refused", word };
    case "trouble":
      return failed(`The service answers ${word}`, troubleWaitMs);
  }
}

const waitUnitsMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 };

/** `w30m`: very old services ask for a wait in words. Never more than a day. */
function readWaitMs(word: string): number | undefined {
  const match = /^w(\d{1,4})([hms])$/.exec(word);
  const unitMs = waitUnitsMs[match?.[2] ?? ""];
  if (match === null || unitMs === undefined) return undefined;
  return Math.min(Number(match[1]) * unitMs, 24 * 3_600_000);
}

const order: readonly HostAnswer["kind"][] = ["refused", "failed", "accepted", "unchanged"];

function worst(answers: readonly HostAnswer[]): HostAnswer {
  return answers.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))[0]!;
}

function notOfProtocol(body: string): HostAnswer {
  return failed(
    body.trimStart().startsWith("<")
      ? "The reply is a page and no word of the protocol: is this a captive portal, or the path wrong?"
      : "The reply is no word of the protocol",
  );
}

function failed(why: string, waitMs?: number): HostAnswer {
  return { kind: "failed", why, waitMs };
}

function repeat(answer: HostAnswer, times: number): readonly HostAnswer[] {
  return Array.from({ length: times }, () => answer);
}
