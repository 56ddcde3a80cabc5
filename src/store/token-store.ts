/** The store's promises about API tokens. Part of the contract in `store.ts`. */

import type { ApiToken } from "../core/api-token.ts";
import type { UserId } from "../core/user.ts";
import type { Made, Removed } from "./store.ts";

export type NewToken = Pick<
  ApiToken,
  "id" | "name" | "policy" | "from" | "expiresAtMs" | "unusedDays"
> & { readonly user: UserId; readonly hash: Uint8Array };

export interface TokenStore {
  /** Refused: the account has `tokensMax` already. */
  addToken(token: NewToken, tokensMax: number): Promise<Made<ApiToken>>;
  /** The newest first. */
  listTokens(user: UserId): Promise<readonly ApiToken[]>;
  /** By the hash of the whole secret. Undefined also when its account is suspended. */
  findToken(hash: Uint8Array): Promise<ApiToken | undefined>;
  removeToken(user: UserId, id: string): Promise<Removed>;
  noteTokenUse(id: string, from: string): Promise<void>;
}
