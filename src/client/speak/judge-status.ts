/** What an HTTP status alone says, for every dialect over HTTP. A body is read for success only with 200. */

import type { HttpReply } from "./http-ask.ts";
import { findReturnCode, troubleWaitMs } from "./return-codes.ts";
import type { HostAnswer } from "./service.ts";

/** `undefined`: the body decides. */
export function judgeStatus(reply: HttpReply): HostAnswer | undefined {
  if (reply.kind === "failed") return { ...reply, waitMs: undefined };
  const { status } = reply;
  if (status === 200) return undefined;
  const word = findReturnCode(reply.text);
  if (status === 401) return word?.kind === "refused" ? word : { kind: "refused", word: "badauth" };
  // Too much and out of order are passing, whatever the body says.
  const isPassing = status === 429 || status >= 500;
  if (!isPassing && word?.kind === "refused") return word;
  const wordWaitMs = word?.kind === "failed" ? word.waitMs : undefined;
  return {
    kind: "failed",
    why: `The service answers with status ${status}`,
    waitMs: longer(
      longer(reply.retryAfterMs, wordWaitMs),
      status >= 500 ? undefined : troubleWaitMs,
    ),
  };
}

function longer(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
