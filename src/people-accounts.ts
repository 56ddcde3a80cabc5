/** Accounts, put together from the parts of the service: what the rooms about people's own accounts work with. */

import { availableParallelism } from "node:os";
import type { AccountParts } from "./api/account-parts.ts";
import type { AccountMails } from "./api/account-mails.ts";
import { Attempts } from "./api/attempts.ts";
import type { Audit } from "./api/audit.ts";
import type { Brand } from "./api/brand.ts";
import type { ExportParts } from "./api/handlers/export-account.ts";
import { addressFromOctets } from "./base/address.ts";
import { systemChance } from "./base/chance.ts";
import type { Clock } from "./base/clock.ts";
import { PasswordHasher } from "./core/accounts/password-hasher.ts";
import { makeSecretToken } from "./core/accounts/secret-token.ts";
import type { HostName } from "./core/host-name.ts";
import type { Host } from "./core/host.ts";
import type { UserId } from "./core/user.ts";
import type { Directory } from "./core/directory.ts";
import { seal, unseal } from "./core/seal.ts";
import type { Mailer } from "./notify/mailer.ts";
import { parseMailAddress } from "./notify/mail-address.ts";
import { openOrMakeSecretsKey, openSecretsKey } from "./store/secrets-key.ts";
import type { Store } from "./store/store.ts";

export interface AccountSources {
  readonly data: string;
  readonly store: Store;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly pepper: Uint8Array;
  readonly audit: Audit;
  readonly brand: Brand;
  readonly mails: AccountMails | undefined;
  publicUrl(): string;
}

export function makeAccountParts(sources: AccountSources): AccountParts {
  const { data, store, directory, clock, pepper, audit, brand, mails } = sources;
  const { settings } = brand;
  return {
    accounts: store.accounts,
    hasher: new PasswordHasher(availableParallelism()),
    attempts: new Attempts(clock),
    audit,
    settings: {
      signUp: () => settings.value("signUp"),
      secondFactorFor: () => settings.value("secondFactorFor"),
      usualQuota: () => ({
        hosts: settings.value("hostsMax"),
        logins: settings.value("loginsMax"),
        tokens: settings.value("tokensMax"),
      }),
      brandName: () => settings.value("brandName"),
      publicUrl: sources.publicUrl,
    },
    mails,
    clock,
    chance: systemChance,
    pepper,
    seal: async (secret, place) =>
      seal(await openOrMakeSecretsKey(data), secret, place, systemChance),
    openSealed: async (sealed, place) => unseal(await openSecretsKey(data), sealed, place),
    parseMail: parseMailAddress,
    isSetUp: () => directory.sizes().users > 0,
  };
}

/** In the operator's words. What a mail server said goes no further: whoever asked is not told of it. */
export function makeAccountMails(
  mailer: Mailer | undefined,
  brand: Brand,
): AccountMails | undefined {
  if (mailer === undefined) return undefined;
  return {
    send: async (kind, to, values) => void (await mailer.send(to, brand.mail(kind, values))),
  };
}

/** Where a set-up link leads to: the token stands in the fragment, which no server and no proxy logs. */
export async function openSetupLink(store: Store, publicUrl: string): Promise<string | undefined> {
  const { id, secret, hash } = makeSecretToken(systemChance);
  const outcome = await store.accounts.addTicket({ id, hash, kind: "setup" });
  return outcome.kind === "made" ? `${publicUrl}/#setup=${secret}` : undefined;
}

/** The newest; no host has more of them for long. */
const receiptsPerHost = 10_000;

/** What other rooms keep of an account: its hosts and its logins, whose secrets nobody can give back. */
export function exportPieces(store: Store): ExportParts["pieces"] {
  async function* hostsOf(user: UserId): AsyncGenerator<Host> {
    for (let after: HostName | undefined; ;) {
      const hosts = await store.listHosts({
        user,
        limit: 500,
        ...(after === undefined ? {} : { after }),
      });
      yield* hosts;
      after = hosts.at(-1)?.name;
      if (hosts.length < 500 || after === undefined) return;
    }
  }
  return {
    async *hosts(user) {
      for await (const host of hostsOf(user)) yield printHost(host);
    },
    async *addresses(user) {
      for await (const host of hostsOf(user)) {
        const spans = await store.hostNotes.listSpans(host.id, 0);
        for (const { fromMs, address } of spans) {
          const text = address === undefined ? null : addressFromOctets(address.slice()).text;
          yield { host: host.name, from: new Date(fromMs).toISOString(), address: text };
        }
      }
    },
    async *receipts(user) {
      for await (const { name } of hostsOf(user)) {
        for (const receipt of await store.findReceipts(name, receiptsPerHost)) {
          const { host: _host, ...rest } = receipt;
          yield rest;
        }
      }
    },
    async *logins(user) {
      for (const { username, scope, from } of await store.listLogins(user)) {
        yield { username, scope, from: from.map(({ text }) => text) };
      }
    },
    async *audit(user) {
      const account = await store.accounts.findAccount({ id: user });
      if (account === undefined) return;
      const filter = { limit: 1_000, account: { user, name: account.name } };
      for (const entry of await store.operator.listAudit(filter)) {
        const { hash: _hash, ...rest } = entry;
        yield rest;
      }
    },
  };
}

function printHost({ name, v4, v6, isBlocked, createdAtMs, changedAtMs }: Host): object {
  const addresses = [v4, v6].flatMap((octets) =>
    octets === undefined ? [] : [addressFromOctets(octets).text],
  );
  return { name, addresses, isBlocked, createdAtMs, changedAtMs: changedAtMs ?? null };
}
