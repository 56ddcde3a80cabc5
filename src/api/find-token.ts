/** From the secret of a call to the program behind it. */

import type { Address } from "../base/address.ts";
import type { Clock } from "../base/clock.ts";
import { isUsable, isUseWorthNoting, parseToken } from "../core/api-token.ts";
import type { ApiToken } from "../core/api-token.ts";
import type { Log } from "../observe/log.ts";
import type { Program, TokenPolicy } from "./caller.ts";

export interface FindTokenParts {
  findToken(hash: Uint8Array): Promise<ApiToken | undefined>;
  noteTokenUse(id: string, from: string): Promise<void>;
  /** Of each token once, or a few times where its first calls come together. */
  noteFirstUse(token: ApiToken, peer: Address): Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** One answer for what is unknown, over, suspended or used from elsewhere (T12). */
export function makeFindToken(
  parts: FindTokenParts,
): (secret: string, peer: Address) => Promise<Program | undefined> {
  return async (secret, peer) => {
    const hash = parseToken(secret);
    const token = hash === undefined ? undefined : await parts.findToken(hash);
    const nowMs = parts.clock.now();
    if (token === undefined || !isUsable(token, peer, nowMs)) return undefined;
    if (token.usedAtMs === undefined) void parts.noteFirstUse(token, peer);
    if (isUseWorthNoting(token, nowMs)) {
      // Its reader does not wait for this, and a store that cannot write now keeps nobody from reading.
      parts.noteTokenUse(token.id, peer.text).catch((error: unknown) => {
        parts.log.warn(
          { error: String(error), token: token.id },
          "The use of a token could not be noted",
        );
      });
    }
    // The contract checked the policy when the token was made.
    const policy = token.policy as TokenPolicy;
    return { kind: "program", user: token.user, token: token.id, policy };
  };
}
