/** All that is kept about the own account, as one JSON text. No secret is in it, and no hash of one. */

import { accountReply, printTime } from "../account-parts.ts";
import type { AccountParts } from "../account-parts.ts";
import type { Handlers } from "../handler.ts";
import { notFound } from "../refusal.ts";
import type { UserId } from "../../core/user.ts";

export interface ExportParts {
  /** Pieces that are of other rooms, by name: hosts, logins, tokens. Each may be long. */
  readonly pieces: Readonly<Record<string, (user: UserId) => AsyncIterable<unknown>>>;
}

export function exportHandlers(
  parts: AccountParts,
  { pieces }: ExportParts,
): Handlers<"exportAccount"> {
  const { accounts, settings, audit, clock } = parts;
  return {
    exportAccount: async (call) => {
      const { user } = call.caller;
      const account = await accounts.findAccount({ id: user.id });
      if (account === undefined) throw notFound();
      await audit.note(
        { actor: call.caller, action: "account.export", target: user.name, result: "ok" },
        call,
      );
      const sessions = (await accounts.listSessions(user.id)).map((session) => ({
        createdAt: printTime(session.createdAtMs),
        seenAt: printTime(session.seenAtMs),
        peer: session.peer,
        userAgent: session.userAgent,
      }));
      const head = {
        exportedAt: printTime(clock.now()),
        account: accountReply(account, settings),
        sessions,
      };
      const headers = {
        "Content-Type": "application/json",
        "Content-Disposition": `attachment; filename="account-${user.name}.json"`,
      };
      return new Response(streamOf(print(head, user.id, pieces)), { headers });
    },
  };
}

/** Read as fast as it is taken, so that a long list is never in memory as a whole. */
function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await texts.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel: async () => void (await texts.return(undefined)),
  });
}

async function* print(
  head: object,
  user: UserId,
  pieces: ExportParts["pieces"],
): AsyncGenerator<string> {
  yield JSON.stringify(head).slice(0, -1);
  for (const [name, list] of Object.entries(pieces)) {
    yield `,${JSON.stringify(name)}:[`;
    let isFirst = true;
    for await (const item of list(user)) {
      yield `${isFirst ? "" : ","}\n${JSON.stringify(item)}`;
      isFirst = false;
    }
    yield "]";
  }
  yield "}\n";
}
