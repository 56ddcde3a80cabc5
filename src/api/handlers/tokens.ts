/** API tokens of the own account: list, make, revoke. Only a person does that: no token makes another (T39). */

import { parseCidr } from "../../base/address.ts";
import type { Chance } from "../../base/chance.ts";
import type { Clock } from "../../base/clock.ts";
import { dayMs, describeToken, makeToken } from "../../core/api-token.ts";
import type { ApiToken, NewToken } from "../../core/api-token.ts";
import type { User, UserId } from "../../core/user.ts";
import type { Audit } from "../audit.ts";
import type { TokenPolicy } from "../caller.ts";
import type { ReplyOf } from "../contract.ts";
import type { Handlers } from "../handler.ts";
import { Refusal, invalid, notFound } from "../refusal.ts";

export interface TokenParts {
  readonly tokens: {
    addToken(token: NewToken, tokensMax: number): Promise<ApiToken | "too-many">;
    listTokens(user: UserId): Promise<readonly ApiToken[]>;
    removeToken(user: UserId, id: string): Promise<"removed" | "not-found">;
  };
  /** How many an account may have. */
  tokensMax(user: User): Promise<number>;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly chance: Chance;
}

export function tokenHandlers(
  parts: TokenParts,
): Handlers<"listTokens" | "addToken" | "deleteToken"> {
  const { tokens, audit, clock, chance } = parts;
  return {
    async listTokens({ caller }) {
      return { items: (await tokens.listTokens(caller.user.id)).map(toReply) };
    },

    async addToken(call) {
      const { caller, body } = call;
      checkActions(body.policy, caller.user);
      const { id, secret, hash } = makeToken(chance);
      const tokensMax = await parts.tokensMax(caller.user);
      const added = await tokens.addToken(
        {
          id,
          hash,
          user: caller.user.id,
          name: body.name,
          policy: body.policy,
          from: body.from.map(readCidr),
          expiresAtMs: body.days === null ? undefined : clock.now() + body.days * dayMs,
          unusedDays: body.unusedDays ?? undefined,
        },
        tokensMax,
      );
      if (added === "too-many") throw tooMany(tokensMax);
      const detail = describeToken(added);
      await audit.note(
        { actor: caller, action: "token.add", target: id, result: "ok", detail },
        call,
      );
      return { token: toReply(added), secret };
    },

    async deleteToken(call) {
      const { caller, parameters } = call;
      const removed = await tokens.removeToken(caller.user.id, parameters.id);
      if (removed === "not-found") throw notFound();
      const entry = { actor: caller, action: "token.revoke", target: parameters.id } as const;
      await audit.note({ ...entry, result: "ok" }, call);
      return undefined;
    },
  };
}

/** Of what only administrators may do, nobody else's token speaks: it would promise what it does not keep. */
function checkActions({ actions }: TokenPolicy, user: User): void {
  if (user.isAdmin) return;
  const index = actions.findIndex((action) => action.startsWith("service:"));
  if (index === -1) return;
  throw invalid(
    `/policy/actions/${index}`,
    `Only an administrator's token can have ${actions[index]!}.`,
  );
}

function readCidr(text: string, index: number): string {
  const cidr = parseCidr(text);
  if (cidr !== undefined) return cidr.text;
  throw invalid(
    `/from/${index}`,
    "This is no network.",
    "Write an address or a network, as 203.0.113.7 or 2001:db8::/32.",
  );
}

function tooMany(tokensMax: number): Refusal {
  return new Refusal(409, "quota", `There are ${tokensMax} tokens already.`, {
    hint: "Revoke one that is not needed any more, or ask the operator for more.",
  });
}

function toReply(token: ApiToken): ReplyOf<"listTokens">["items"][number] {
  const time = (atMs: number): string => new Date(atMs).toISOString();
  return {
    id: token.id,
    name: token.name,
    owner: token.user.name,
    // The contract checked it when the token was made.
    policy: token.policy as ReplyOf<"listTokens">["items"][number]["policy"],
    from: [...token.from],
    createdAt: time(token.createdAtMs),
    expiresAt: token.expiresAtMs === undefined ? null : time(token.expiresAtMs),
    unusedDays: token.unusedDays ?? null,
    usedAt: token.usedAtMs === undefined ? null : time(token.usedAtMs),
    usedFrom: token.usedFrom ?? null,
    sentence: describeToken(token),
  };
}
