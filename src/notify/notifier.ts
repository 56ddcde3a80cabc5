/** Tells people of what happened: once an incident, by mail and webhook, again where it did not arrive. */

import { createHmac } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import type { HostId } from "../core/host.ts";
import type { Mail, MailName } from "../core/mail-texts.ts";
import { findRetry } from "../core/notification.ts";
import type {
  Channel,
  Delivery,
  DeliveryId,
  DeliveryResult,
  IncidentKind,
  NotificationKind,
  Telling,
} from "../core/notification.ts";
import type { UserId } from "../core/user.ts";
import type { Log } from "../observe/log.ts";
import { parseTarget, postTo } from "./dialer.ts";
import type { DialerParts } from "./dialer.ts";
import type { Sent } from "./mailer.ts";

export interface Happening {
  readonly kind: Exclude<NotificationKind, "test">;
  /** Whose account is told. */
  readonly user: UserId;
  readonly host?: { readonly id: HostId; readonly name: string };
  /** A sentence that says more: since when, by whom, from where. No secret. */
  readonly detail?: string;
}

export interface NotifierParts {
  readonly store: {
    tell(telling: Telling): Promise<number>;
    endIncident(host: HostId, kind: IncidentKind): Promise<boolean>;
    findChannel(id: string): Promise<Channel | undefined>;
    listDue(nowMs: number, limit: number): Promise<readonly Delivery[]>;
    noteDelivery(id: DeliveryId, result: DeliveryResult): Promise<void>;
  };
  readonly dialer: DialerParts;
  /** Undefined: no mail server is set up. */
  readonly mailer: { send(to: string, mail: Mail): Promise<Sent> } | undefined;
  /** A mail in the operator's words. */
  mail(name: MailName, values: Readonly<Record<string, string>>): Mail;
  /** The secret of a webhook. */
  openSecret(channel: Channel): Promise<string | undefined>;
  /** The page of a host, or of the account; empty where the service does not know its own URL. */
  link(host: string | undefined): string;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is sent to webhooks, and kept in the log of deliveries. */
interface Body {
  readonly event: NotificationKind;
  readonly at: string;
  readonly host: string | null;
  readonly detail: string;
  readonly link: string;
}

/** Looked at every second; so many at most are on the way at a time. */
const dueAtOnce = 8;
/** A device with a wrong password asks for days; its owner is told once a day. */
const failedAfreshMs = 24 * 3_600_000;

const mailOf = {
  silent: "silent",
  recovered: "recovered",
  held: "held",
  "new-login": "newLogin",
  "failed-authentication": "failedAuthentication",
  test: "test",
} as const satisfies Record<NotificationKind, MailName>;

export class Notifier {
  readonly #parts: NotifierParts;
  #running: Promise<void> | undefined;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
  }

  /** Never throws: whoever tells of something has done it. How many channels are told; undefined: it is not kept. */
  async notify(happening: Happening): Promise<number | undefined> {
    const { kind, user, host } = happening;
    const body = this.makeBody(kind, host?.name, happening.detail);
    const telling: Telling = { user, event: kind, body, ...incidentOf(kind, host?.id) };
    try {
      return await this.#parts.store.tell(telling);
    } catch (error) {
      this.#parts.log.error({ error: error as Error, kind }, "Nobody can be told of something");
      return undefined;
    }
  }

  /** It is over without a word: a host was released, or its login put right. */
  async settle(host: HostId, kind: IncidentKind): Promise<void> {
    await this.#parts.store.endIncident(host, kind);
  }

  makeBody(event: NotificationKind, host: string | undefined, detail = ""): string {
    const { clock, link } = this.#parts;
    const at = new Date(clock.now()).toISOString();
    return JSON.stringify({
      event,
      at,
      host: host ?? null,
      detail,
      link: link(host),
    } satisfies Body);
  }

  /** Sends what is due. One round at a time. */
  run(): Promise<void> {
    this.#running ??= this.#runOnce().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Tries once, now, and notes what became of it. */
  async deliver(delivery: Delivery, channel: Channel, retries: boolean): Promise<Delivery> {
    const { store, clock } = this.#parts;
    const tried = await this.#send(delivery, channel);
    const tries = delivery.tries + 1;
    const mayRetry = retries && !tried.isGood && !tried.isFinal;
    const nextAtMs = mayRetry ? findRetry(tries, clock.now()) : undefined;
    const { isGood, says } = tried;
    await store.noteDelivery(delivery.id, { tries, nextAtMs, isGood, says });
    return { ...delivery, tries, isGood, says };
  }

  async #runOnce(): Promise<void> {
    const { store, clock, log } = this.#parts;
    try {
      const due = await store.listDue(clock.now(), dueAtOnce);
      await Promise.all(due.map((delivery) => this.#take(delivery)));
    } catch (error) {
      log.warn({ error: error as Error }, "What people are to be told of cannot be read");
    }
  }

  async #take(delivery: Delivery): Promise<void> {
    const channel = await this.#parts.store.findChannel(delivery.channel);
    if (channel !== undefined) await this.deliver(delivery, channel, true);
  }

  async #send(delivery: Delivery, channel: Channel): Promise<Tried> {
    return channel.kind === "mail"
      ? this.#sendMail(delivery, channel)
      : this.#post(delivery, channel);
  }

  async #sendMail({ event, body }: Delivery, { target }: Channel): Promise<Tried> {
    const { mailer, mail } = this.#parts;
    if (mailer === undefined) return { isGood: false, isFinal: true, says: "No mail is set up." };
    const { host, detail, link } = JSON.parse(body) as Body;
    const sent = await mailer.send(target, mail(mailOf[event], { host: host ?? "", detail, link }));
    return { isGood: sent.kind === "sent", isFinal: false, says: sent.says };
  }

  async #post({ id, event, body }: Delivery, channel: Channel): Promise<Tried> {
    const { dialer, openSecret, clock } = this.#parts;
    const target = parseTarget(channel.target);
    const secret = await openSecret(channel);
    if (target === undefined || secret === undefined) {
      return { isGood: false, isFinal: true, says: "The URL or its secret cannot be read." };
    }
    const headers = [
      ["Nameward-Event", event],
      ["Nameward-Delivery", String(id)],
      ["Nameward-Signature", sign(secret, Math.floor(clock.now() / 1_000), body)],
    ] as const;
    const dialled = await postTo(target, headers, body, dialer);
    const isGood = dialled.kind === "answered" && dialled.status >= 200 && dialled.status < 300;
    return { isGood, isFinal: dialled.kind === "refused", says: dialled.says };
  }
}

interface Tried {
  readonly isGood: boolean;
  /** Another try would end the same way. */
  readonly isFinal: boolean;
  readonly says: string;
}

/**
 * HMAC-SHA256 (RFC 2104) over time, full stop and body: whoever overhears one cannot send it again tomorrow, or
 * another body under it.
 */
export function sign(secret: string, atSeconds: number, body: string): string {
  const hash = createHmac("sha256", secret).update(`${atSeconds}.${body}`).digest("hex");
  return `t=${atSeconds},v1=${hash}`;
}

function incidentOf(kind: Happening["kind"], host: HostId | undefined) {
  if (host === undefined) return {};
  switch (kind) {
    case "silent":
    case "held":
      return { opens: { host, kind } };
    case "recovered":
      return { ends: { host, kind: "silent" } } as const;
    case "failed-authentication":
      return { opens: { host, kind, afreshAfterMs: failedAfreshMs } };
    case "new-login":
      return {};
  }
}
