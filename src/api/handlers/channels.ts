/** Where people are told of things: their channels, a test of each, and what was told. */

import { BoundedMap } from "../../base/bounded-map.ts";
import { makeSecretText } from "../../base/chance.ts";
import type { Chance } from "../../base/chance.ts";
import type { Clock } from "../../base/clock.ts";
import { makeBucket, take, waitMs } from "../../base/token-bucket.ts";
import type { BucketRule, TokenBucket } from "../../base/token-bucket.ts";
import { channelsMax } from "../../core/notification.ts";
import type {
  Channel,
  ChannelKind,
  Delivery,
  NewChannel,
  NotificationKind,
} from "../../core/notification.ts";
import type { UserId } from "../../core/user.ts";
import type { Audit } from "../audit.ts";
import type { Person } from "../caller.ts";
import type { ReplyOf } from "../contract.ts";
import type { Handlers } from "../handler.ts";
import { Refusal, invalid, notFound } from "../refusal.ts";

export interface ChannelParts {
  readonly store: {
    addChannel(channel: NewChannel): Promise<"added" | "too-many">;
    listChannels(user: UserId): Promise<readonly Channel[]>;
    findChannel(id: string): Promise<Channel | undefined>;
    setChannelEvents(id: string, events: readonly NotificationKind[]): Promise<void>;
    removeChannel(id: string): Promise<void>;
    addDelivery(channel: string, event: NotificationKind, body: string): Promise<Delivery>;
    listDeliveries(
      channel: string,
      beforeId: number | undefined,
      limit: number,
    ): Promise<readonly Delivery[]>;
    findDelivery(channel: string, id: number): Promise<Delivery | undefined>;
    findConfirmedMail(user: UserId): Promise<string | undefined>;
  };
  /** Whether it could be a target at all; whether it may be reached is looked at each time. */
  isUrl(text: string): boolean;
  /** A mail server is set up. */
  readonly hasMail: boolean;
  sealSecret(secret: string, channel: string): Promise<Uint8Array>;
  makeBody(event: NotificationKind): string;
  deliver(delivery: Delivery, channel: Channel): Promise<Delivery>;
  readonly audit: Audit;
  readonly chance: Chance;
  readonly clock: Clock;
}

type ChannelRoutes =
  | "listChannels"
  | "addChannel"
  | "changeChannel"
  | "deleteChannel"
  | "testChannel"
  | "listDeliveries"
  | "redeliver";

const idCharacters = 16;
const secretCharacters = 40;
/** A test goes out at once, to wherever a person said: ten in a row, then one in six minutes. */
const tests: BucketRule = { burst: 10, refillMs: 360_000 };
const peopleMax = 10_000;

export function channelHandlers(parts: ChannelParts): Handlers<ChannelRoutes> {
  const { store, audit } = parts;
  const buckets = new BoundedMap<UserId, TokenBucket>(peopleMax);

  /** What is not the caller's is not there (T39). */
  async function findOwn(id: string, { user }: Person): Promise<Channel> {
    const channel = await store.findChannel(id);
    if (channel?.user !== user.id) throw notFound();
    return channel;
  }

  function takeTurn({ user }: Person): void {
    const nowMs = parts.clock.monotonicMs();
    const bucket = buckets.find(user.id) ?? makeBucket(tests, nowMs);
    buckets.set(user.id, bucket);
    if (take(bucket, tests, nowMs)) return;
    const retryAfterSeconds = Math.ceil(waitMs(bucket, tests, nowMs) / 1_000);
    throw new Refusal(429, "too-many", "That was often enough for now.", { retryAfterSeconds });
  }

  async function printChannel(channel: Channel): Promise<ReplyOf<"changeChannel">> {
    const [last] = await store.listDeliveries(channel.id, undefined, 1);
    const { id, kind, target, events, isConfirmed, createdAtMs } = channel;
    const lastDelivery =
      last === undefined
        ? null
        : { at: printTime(last.atMs), isGood: last.isGood, says: last.says };
    const createdAt = printTime(createdAtMs);
    return { id, kind, target, events: [...events], isConfirmed, createdAt, lastDelivery };
  }

  return {
    async listChannels({ caller }) {
      const channels = await store.listChannels(caller.user.id);
      return { items: await Promise.all(channels.map((channel) => printChannel(channel))) };
    },

    async addChannel(call) {
      const { kind, target, events } = call.body;
      const fault = await findTargetFault(kind, target, call.caller, parts);
      if (fault !== undefined) throw invalid("/target", fault);
      const id = makeSecretText(parts.chance, idCharacters);
      const secret =
        kind === "webhook" ? makeSecretText(parts.chance, secretCharacters) : undefined;
      const sealed = secret === undefined ? undefined : await parts.sealSecret(secret, id);
      const added = await store.addChannel({
        id,
        user: call.caller.user.id,
        kind,
        target,
        events: [...new Set(events)],
        secret: sealed,
        isConfirmed: true,
      });
      if (added === "too-many") {
        throw new Refusal(409, "too-many", `There are ${channelsMax} channels already.`);
      }
      const entry = { actor: call.caller, action: "channel.add", target: id };
      await audit.note({ ...entry, result: "ok", detail: `${kind} ${hostOf(target)}` }, call);
      const channel = await printChannel(await findOwn(id, call.caller));
      return { channel, secret: secret ?? null };
    },

    async changeChannel(call) {
      const channel = await findOwn(call.parameters.id, call.caller);
      const events = [...new Set(call.body.events)];
      await store.setChannelEvents(channel.id, events);
      const entry = { actor: call.caller, action: "channel.change", target: channel.id };
      await audit.note({ ...entry, result: "ok", detail: events.join(" ") }, call);
      return printChannel({ ...channel, events });
    },

    async deleteChannel(call) {
      const channel = await findOwn(call.parameters.id, call.caller);
      await store.removeChannel(channel.id);
      const entry = { actor: call.caller, action: "channel.remove", target: channel.id };
      await audit.note({ ...entry, result: "ok", detail: hostOf(channel.target) }, call);
      return undefined;
    },

    async testChannel({ caller, parameters }) {
      const channel = await findOwn(parameters.id, caller);
      takeTurn(caller);
      const delivery = await store.addDelivery(channel.id, "test", parts.makeBody("test"));
      return printDelivery(await parts.deliver(delivery, channel));
    },

    async listDeliveries({ caller, parameters, query: { after, limit } }) {
      const channel = await findOwn(parameters.id, caller);
      const deliveries = await store.listDeliveries(channel.id, readAfter(after), limit);
      const last = deliveries.at(-1);
      const next = last !== undefined && deliveries.length === limit ? String(last.id) : null;
      return { items: deliveries.map(printDelivery), next };
    },

    async redeliver({ caller, parameters }) {
      const channel = await findOwn(parameters.id, caller);
      const id = /^[1-9]\d{0,14}$/.test(parameters.delivery) ? Number(parameters.delivery) : 0;
      const delivery = await store.findDelivery(channel.id, id);
      if (delivery === undefined) throw notFound();
      takeTurn(caller);
      return printDelivery(await parts.deliver(delivery, channel));
    },
  };
}

/** Mails go to nobody but the person whose account it is, who showed that the address is read. */
async function findTargetFault(
  kind: ChannelKind,
  target: string,
  { user }: Person,
  { store, hasMail, isUrl }: ChannelParts,
): Promise<string | undefined> {
  if (kind === "webhook")
    return isUrl(target) ? undefined : "Wanted: a URL, as https://hooks.example.net/dns.";
  if (!hasMail) return "No mail server is set up here.";
  const own = await store.findConfirmedMail(user.id);
  return own !== undefined && own.toLowerCase() === target.toLowerCase()
    ? undefined
    : "Wanted: the mail address of your account, once you have confirmed it.";
}

/** A URL often holds a secret in its path; an address is the account's own. */
function hostOf(target: string): string {
  return URL.canParse(target) ? new URL(target).host : target;
}

function readAfter(after: string | undefined): number | undefined {
  if (after === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(after)) throw invalid("/query/after", "It is none of a page.");
  return Number(after);
}

function printDelivery(delivery: Delivery): ReplyOf<"testChannel"> {
  const { id, atMs, event, tries, isGood, says, body } = delivery;
  return { id: String(id), at: printTime(atMs), event, tries, isGood, says, body };
}

function printTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
