/** Channels and what is told through them, in the database; and incidents, so that each is told once. */

import type { Database } from "bun:sqlite";
import { channelsMax, deliveriesKept, toldAtFirst } from "../core/notification.ts";
import type {
  Channel,
  ChannelKind,
  Delivery,
  DeliveryId,
  DeliveryResult,
  Incident,
  IncidentKind,
  NewChannel,
  NotificationKind,
  Telling,
} from "../core/notification.ts";
import type { HostId } from "../core/host.ts";
import type { UserId } from "../core/user.ts";

interface ChannelRow {
  readonly id: string;
  readonly user: number;
  readonly kind: ChannelKind;
  readonly target: string;
  readonly events: string;
  readonly secret: Uint8Array | null;
  readonly confirmed_at_ms: number | null;
  readonly created_at_ms: number;
}

const channelColumns = "id, user, kind, target, events, secret, confirmed_at_ms, created_at_ms";

export function addChannel(to: Database, channel: NewChannel, nowMs: number): "added" | "too-many" {
  const { id, user, kind, target, events, secret, isConfirmed } = channel;
  if (listChannels(to, user).length >= channelsMax) return "too-many";
  to.query(`insert into channel (${channelColumns}) values (?, ?, ?, ?, ?, ?, ?, ?)`).run(
    id,
    user,
    kind,
    target,
    JSON.stringify(events),
    secret ?? null,
    isConfirmed ? nowMs : null,
    nowMs,
  );
  return "added";
}

/** In the order they were made. */
export function listChannels(from: Database, user: UserId): readonly Channel[] {
  return from
    .query<ChannelRow, [number]>(
      `select ${channelColumns} from channel where user = ? order by created_at_ms, id`,
    )
    .all(user)
    .map(channelFromRow);
}

export function findChannel(from: Database, id: string): Channel | undefined {
  const row = from
    .query<ChannelRow, [string]>(`select ${channelColumns} from channel where id = ?`)
    .get(id);
  return row === null ? undefined : channelFromRow(row);
}

export function setChannelEvents(
  to: Database,
  id: string,
  events: readonly NotificationKind[],
): void {
  to.query("update channel set events = ? where id = ?").run(JSON.stringify(events), id);
}

export function removeChannel(from: Database, id: string): void {
  from.query("delete from channel where id = ?").run(id);
}

function channelFromRow(row: ChannelRow): Channel {
  const { id, user, kind, target, secret } = row;
  const events = JSON.parse(row.events) as readonly NotificationKind[];
  const isConfirmed = row.confirmed_at_ms !== null;
  const createdAtMs = row.created_at_ms;
  return { id, user, kind, target, events, secret: secret ?? undefined, isConfirmed, createdAtMs };
}

interface DeliveryRow {
  readonly id: number;
  readonly channel: string;
  readonly at_ms: number;
  readonly event: NotificationKind;
  readonly body: string;
  readonly tries: number;
  readonly is_good: number;
  readonly says: string;
}

const deliveryColumns = "id, channel, at_ms, event, body, tries, is_good, says";

/** Returns how many channels are told. */
export function tell(to: Database, telling: Telling, nowMs: number): number {
  const { user, event, body, opens, ends } = telling;
  if (opens !== undefined && !openIncident(to, opens, nowMs)) return 0;
  if (ends !== undefined && !endIncident(to, ends.host, ends.kind)) return 0;
  const channels = listChannels(to, user).filter(
    ({ isConfirmed, events }) => isConfirmed && events.includes(event),
  );
  for (const { id } of channels) addDelivery(to, id, event, body, nowMs, nowMs);
  return channels.length;
}

/** Without `nextAtMs` it waits for nobody: who adds it also does it. */
export function addDelivery(
  to: Database,
  channel: string,
  event: NotificationKind,
  body: string,
  nowMs: number,
  nextAtMs?: number,
): Delivery {
  const says = "It was not tried yet.";
  const { lastInsertRowid } = to
    .query(
      `insert into delivery (channel, at_ms, event, body, tries, next_at_ms, is_good, says)
       values (?, ?, ?, ?, 0, ?, 0, ?)`,
    )
    .run(channel, nowMs, event, body, nextAtMs ?? null, says);
  to.query(
    `delete from delivery where channel = ?1 and id not in
       (select id from delivery where channel = ?1 order by id desc limit ?2)`,
  ).run(channel, deliveriesKept);
  const id = Number(lastInsertRowid);
  return { id, channel, atMs: nowMs, event, body, tries: 0, isGood: false, says };
}

/** Newest first. */
export function listDeliveries(
  from: Database,
  channel: string,
  beforeId: DeliveryId | undefined,
  limit: number,
): readonly Delivery[] {
  return from
    .query<DeliveryRow, [string, number, number]>(
      `select ${deliveryColumns} from delivery where channel = ? and id < ? order by id desc limit ?`,
    )
    .all(channel, beforeId ?? Number.MAX_SAFE_INTEGER, limit)
    .map(deliveryFromRow);
}

export function findDelivery(
  from: Database,
  channel: string,
  id: DeliveryId,
): Delivery | undefined {
  const row = from
    .query<DeliveryRow, [string, number]>(
      `select ${deliveryColumns} from delivery where channel = ? and id = ?`,
    )
    .get(channel, id);
  return row === null ? undefined : deliveryFromRow(row);
}

/** Those whose time has come, the longest waiting first. */
export function listDue(from: Database, nowMs: number, limit: number): readonly Delivery[] {
  return from
    .query<DeliveryRow, [number, number]>(
      `select ${deliveryColumns} from delivery
       where next_at_ms is not null and next_at_ms <= ? order by next_at_ms limit ?`,
    )
    .all(nowMs, limit)
    .map(deliveryFromRow);
}

export function noteDelivery(to: Database, id: DeliveryId, result: DeliveryResult): void {
  const { tries, nextAtMs, isGood, says } = result;
  to.query("update delivery set tries = ?, next_at_ms = ?, is_good = ?, says = ? where id = ?").run(
    tries,
    nextAtMs ?? null,
    Number(isGood),
    says,
    id,
  );
}

function deliveryFromRow(row: DeliveryRow): Delivery {
  const { id, channel, event, body, tries, says } = row;
  return { id, channel, atMs: row.at_ms, event, body, tries, isGood: row.is_good !== 0, says };
}

/** False: it is open already, or its host is gone. */
function openIncident(
  to: Database,
  { host, kind, afreshAfterMs }: NonNullable<Telling["opens"]>,
  nowMs: number,
): boolean {
  const { changes } = to
    .query(
      `insert into incident (host, kind, opened_at_ms)
       select id, ?2, ?3 from host where id = ?1
       on conflict (host, kind) do update set opened_at_ms = excluded.opened_at_ms
         where opened_at_ms <= ?4`,
    )
    .run(host, kind, nowMs, afreshAfterMs === undefined ? -1 : nowMs - afreshAfterMs);
  return changes > 0;
}

/** Whether it was open. */
export function endIncident(to: Database, host: HostId, kind: IncidentKind): boolean {
  const { changes } = to.query("delete from incident where host = ? and kind = ?").run(host, kind);
  return changes > 0;
}

export function listIncidents(
  from: Database,
  kind: IncidentKind,
  after: HostId,
  limit: number,
): readonly Incident[] {
  return from
    .query<Incident, [string, number, number]>(
      `select host, kind, opened_at_ms as openedAtMs from incident
       where kind = ? and host > ? order by host limit ?`,
    )
    .all(kind, after, limit);
}

/** Mails follow the account to its new address; with its first one it is told of everything there. */
export function followMail(
  to: Database,
  user: UserId,
  mail: string,
  isFirst: boolean,
  nowMs: number,
): void {
  to.query("update channel set target = ? where user = ? and kind = 'mail'").run(mail, user);
  if (!isFirst || listChannels(to, user).some(({ kind }) => kind === "mail")) return;
  to.query(
    `insert into channel (${channelColumns}) values (lower(hex(randomblob(8))), ?, 'mail', ?, ?, null, ?, ?)`,
  ).run(user, mail, JSON.stringify(toldAtFirst), nowMs, nowMs);
}

/** The address of the account, once somebody showed that mails to it are read by its person. */
export function findConfirmedMail(from: Database, user: UserId): string | undefined {
  const row = from
    .query<{ mail: string }, [number]>(
      "select mail from user where id = ? and mail is not null and mail_confirmed_at_ms is not null",
    )
    .get(user);
  return row?.mail;
}
