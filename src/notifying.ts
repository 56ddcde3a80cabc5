/** Puts together how people are told of things: the mail server, the dialer of webhooks, and the notifier that uses both. */

import { lookup } from "node:dns/promises";
import type { Brand } from "./api/brand.ts";
import { systemChance } from "./base/chance.ts";
import type { Clock } from "./base/clock.ts";
import { getSecretsKey } from "./cli/find-secrets-key.ts";
import type { Config } from "./config/options.ts";
import type { Channel } from "./core/notification.ts";
import { seal, unseal } from "./core/seal.ts";
import { Mailer } from "./notify/mailer.ts";
import { Notifier } from "./notify/notifier.ts";
import type { Log } from "./observe/log.ts";
import { openSecretsKey } from "./store/secrets-key.ts";
import type { Store } from "./store/store.ts";

export interface NotifyingParts {
  readonly config: Config;
  readonly store: Store;
  readonly brand: Brand;
  readonly clock: Clock;
  readonly log: Log;
  /** Under which people reach the pages; known when they are served. */
  publicUrl(): string;
}

export interface Notifying extends Disposable {
  readonly notifier: Notifier;
  /** Undefined: no mail server is set up. */
  readonly mailer: Mailer | undefined;
  /** Of a webhook. */
  sealSecret(secret: string, channel: string): Promise<Uint8Array>;
}

const runMs = 1_000;

export function openNotifying(parts: NotifyingParts): Notifying {
  const { config, store, brand, clock, log } = parts;
  using opened = new DisposableStack();
  const { smtpUrl, mailFrom: from } = config;
  const brandName = (): string => brand.settings.value("brandName");
  const mailer =
    smtpUrl === "" ? undefined : opened.use(new Mailer({ smtpUrl, from, clock, brandName }));
  const notifier = new Notifier({
    store: store.operator,
    dialer: { allowed: config.webhookNetworks, resolve },
    mailer,
    mail: (name, values) => brand.mail(name, values),
    openSecret: (channel) => openSecret(channel, config.data),
    link: (host) => linkTo(parts.publicUrl(), host),
    clock,
    log,
  });
  const timer = setInterval(() => void notifier.run(), runMs);
  opened.defer(() => clearInterval(timer));
  const closing = opened.move();
  return {
    notifier,
    mailer,
    async sealSecret(secret, channel) {
      const key = await getSecretsKey(store, config.data);
      return seal(key, new TextEncoder().encode(secret), placeOf(channel), systemChance);
    },
    [Symbol.dispose]: () => closing.dispose(),
  };
}

async function resolve(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

async function openSecret({ id, secret }: Channel, data: string): Promise<string | undefined> {
  if (secret === undefined) return undefined;
  const opened = unseal(await openSecretsKey(data), secret, placeOf(id));
  return opened === undefined ? undefined : new TextDecoder().decode(opened);
}

function placeOf(channel: string): string {
  return `channel.secret ${channel}`;
}

function linkTo(publicUrl: string, host: string | undefined): string {
  if (publicUrl === "") return "";
  const base = publicUrl.replace(/\/$/, "");
  return host === undefined ? `${base}/` : `${base}/hosts/${encodeURIComponent(host)}`;
}
