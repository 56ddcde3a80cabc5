/** What can be asked of the writer about API tokens: one row an operation, as in `operations.ts`. */

import type { NewToken } from "../core/api-token.ts";
import type { UserId } from "../core/user.ts";
import * as rows from "./token-rows.ts";
import type { TokenStore } from "./token-store.ts";
import type { Writer } from "./writer.ts";

export const tokenOperations = {
  addToken: (writer: Writer, token: NewToken, tokensMax: number) =>
    writer.edit(({ database, nowMs }) => rows.insertToken(database, token, tokensMax, nowMs)),
  listTokens: (writer: Writer, user: UserId) =>
    writer.read((database) => rows.listTokens(database, user)),
  findToken: (writer: Writer, hash: Uint8Array) =>
    writer.read((database) => rows.findTokenByHash(database, hash)),
  removeToken: (writer: Writer, user: UserId, id: string) =>
    writer.edit(({ database }) => rows.deleteToken(database, user, id)),
  noteTokenUse: (writer: Writer, id: string, from: string) =>
    writer.edit(({ database, nowMs }) => rows.noteTokenUse(database, id, from, nowMs)),
} as const satisfies {
  readonly [Name in keyof TokenStore]: (
    writer: Writer,
    ...values: Parameters<TokenStore[Name]>
  ) => Awaited<ReturnType<TokenStore[Name]>>;
};

type Ask = (name: keyof TokenStore, values: readonly unknown[]) => Promise<unknown>;

/** Every operation as a function that asks the writer. The table above is held to the interface by the compiler. */
export function makeTokenStore(ask: Ask): TokenStore {
  const names = Object.keys(tokenOperations) as (keyof TokenStore)[];
  const asking = names.map((name) => [name, (...values: unknown[]) => ask(name, values)]);
  return Object.fromEntries(asking) as TokenStore;
}
