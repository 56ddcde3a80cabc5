/** The store's promises about API tokens. Part of the contract in `store.ts`. */

import type { ApiToken, NewToken } from "../core/api-token.ts";
import type { UserId } from "../core/user.ts";

export interface TokenStore {
  /** `too-many`: the account has `tokensMax` already. */
  addToken(token: NewToken, tokensMax: number): Promise<ApiToken | "too-many">;
  /** The newest first. */
  listTokens(user: UserId): Promise<readonly ApiToken[]>;
  /** By the hash of the whole secret. Undefined also when its account is suspended. */
  findToken(hash: Uint8Array): Promise<ApiToken | undefined>;
  removeToken(user: UserId, id: string): Promise<"removed" | "not-found">;
  noteTokenUse(id: string, from: string): Promise<void>;
}
