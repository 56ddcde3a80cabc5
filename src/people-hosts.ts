/** The room about hosts for people, put together from the parts of the service: contacts, live events, and the handlers on them. */

import { FirstLoginUses } from "./api/first-login-uses.ts";
import { EventHub } from "./api/event-hub.ts";
import type { Handlers } from "./api/handler.ts";
import { eventHandlers } from "./api/handlers/events.ts";
import { hostHandlers, stateOfHost } from "./api/handlers/hosts.ts";
import { importHandlers } from "./api/handlers/import-hosts.ts";
import { loginHandlers } from "./api/handlers/logins.ts";
import { receiptHandlers } from "./api/handlers/receipts.ts";
import type { Holds } from "./api/identify.ts";
import type { HostParts } from "./api/host-parts.ts";
import { dnsPort } from "./asking/ask-dns.ts";
import type { DnsServer } from "./asking/ask-dns.ts";
import { askHost } from "./asking/host-answers.ts";
import { hostDnsName } from "./core/host-name.ts";
import type { HostName } from "./core/host-name.ts";
import { printServerAddress } from "./base/server-address.ts";
import type { Audit } from "./api/audit.ts";
import type { Brand } from "./api/brand.ts";
import { systemChance } from "./base/chance.ts";
import type { Clock } from "./base/clock.ts";
import type { Config } from "./config/options.ts";
import { quotaOf } from "./core/accounts/account.ts";
import { Contacts, isSameAddress } from "./core/contacts.ts";
import type { Fact } from "./core/fact.ts";
import { LoginUses } from "./core/login-uses.ts";
import type { Directory } from "./core/directory.ts";
import type { ReceiptRing } from "./core/receipt-ring.ts";
import type { HostState } from "./core/host-state.ts";
import type { HostId } from "./core/host.ts";
import type { Receipt } from "./core/receipt.ts";
import type { OpenLog } from "./observe/log.ts";
import { openOrMakeSecretsKey } from "./store/secrets-key.ts";
import type { Store } from "./store/store.ts";
import { openZoneRoom } from "./zone-room.ts";

export interface HostRoomParts {
  readonly config: Config;
  readonly store: Store;
  readonly directory: Directory;
  readonly receipts: ReceiptRing;
  readonly pepper: Uint8Array;
  readonly clock: Clock;
  readonly log: OpenLog;
  readonly audit: Audit;
  readonly brand: Brand;
  /** By a person's hand: durable and in DNS when it resolves. */
  readonly setAddresses: HostParts["setAddresses"];
  /** Of streams that last longer than a look at the session. */
  readonly holds: Holds;
  /** Where our own DNS listens. */
  readonly dnsServer: () => DnsServer | undefined;
  /** Where devices report, over plain HTTP. */
  readonly devicePort: number;
}

/** How often what is new of hosts is written. */
const writeEveryMs = 5_000;
const rowsPerRead = 10_000;

export interface HostRoom extends AsyncDisposable {
  readonly handlers: Partial<Handlers>;
  /** What became of a device's request. */
  see(receipt: Receipt): void;
  /** Told before it is known here: what another process did by hand is a change too. */
  seeFact(fact: Fact): void;
  readonly contacts: Contacts;
  stateOf(host: HostId): HostState;
  /** Running totals for the operators who look on; read only when somebody does. */
  tellCounters(read: () => Readonly<Record<string, number>> | undefined): void;
}

export async function openHostRoom(parts: HostRoomParts): Promise<HostRoom> {
  const { config, store, directory, clock, audit, brand, log } = parts;
  const contacts = new Contacts();
  const loginUses = new LoginUses();
  await restore(contacts, loginUses, store);
  const firstUses = new FirstLoginUses(audit, clock);
  const hub = new EventHub(clock);
  const host: HostParts = {
    directory,
    contacts,
    loginUses,
    devices: { devicePort: parts.devicePort, publicUrl: config.publicUrl },
    receipts: parts.receipts,
    hosts: store,
    notes: store.hostNotes,
    logins: store,
    hostTtlSeconds: config.hostTtlSeconds,
    pepper: parts.pepper,
    chance: systemChance,
    clock,
    audit,
    getSecretsKey: () => openOrMakeSecretsKey(config.data),
    findUser: async (name) => {
      const account = await store.accounts.findAccount({ name });
      return account === undefined ? undefined : directory.findUser(account.id);
    },
    userName: (id) => directory.findUser(id)?.name ?? "",
    quotaOf: async (user) => {
      const account = await store.accounts.findAccount({ id: user.id });
      const { settings } = brand;
      const usual = {
        hosts: settings.value("hostsMax"),
        logins: settings.value("loginsMax"),
        tokens: settings.value("tokensMax"),
      };
      return account === undefined ? usual : quotaOf(account, usual);
    },
    isShared: (zone) => directory.findZone(zone)?.isShared === true,
    setAddresses: parts.setAddresses,
    askServers: (name) => askServers(name, parts),
  };
  const writeOnce = async (): Promise<void> => {
    const batch = contacts.take();
    const uses = loginUses.take();
    try {
      if (batch !== undefined) await store.hostNotes.writeContacts(batch);
      if (uses.length > 0) await store.hostNotes.writeLoginUses(uses);
    } catch (error) {
      // Best effort: the next contact says again that the host is there.
      log.warn({ why: String(error) }, "What was heard of hosts could not be written");
    } finally {
      contacts.settle();
    }
  };
  let writing = Promise.resolve();
  /** One batch at a time. */
  const write = (): Promise<void> => (writing = writing.then(writeOnce));
  const timer = setInterval(() => void write(), writeEveryMs);
  return {
    handlers: {
      ...hostHandlers(host),
      ...importHandlers(host),
      ...loginHandlers(host),
      ...receiptHandlers(host),
      ...eventHandlers(host, hub, parts.holds),
      ...openZoneRoom(parts),
    },
    see(receipt) {
      note(receipt, contacts, directory);
      noteLogin(receipt, loginUses, firstUses, directory);
      hub.publish({ name: "receipt", data: receipt });
      if (receipt.host !== undefined) hub.publish({ name: "host", data: receipt.host });
    },
    seeFact: (fact) => noteFact(fact, contacts, parts),
    contacts,
    stateOf: (id) => stateOfHost(id, host),
    tellCounters(read) {
      const data = hub.open === 0 ? undefined : read();
      if (data !== undefined) hub.publish({ name: "counters", data });
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      hub[Symbol.dispose]();
      await write();
    },
  };
}

/** Our own server first, then the resolvers that the operator names, all at once. */
async function askServers(
  name: HostName,
  { brand, dnsServer }: HostRoomParts,
): ReturnType<HostParts["askServers"]> {
  const own = dnsServer();
  const servers = [
    ...(own === undefined ? [] : [{ server: "this server", place: own }]),
    ...brand.settings.value("resolvers").map((resolver) => ({
      server: printServerAddress(resolver, dnsPort),
      place: { hostname: resolver.address.text, port: resolver.port },
    })),
  ];
  const owner = hostDnsName(name);
  return Promise.all(
    servers.map(async ({ server, place }) => ({ server, ...(await askHost(place, owner)) })),
  );
}

/** Adapters of receipts that a person made, and no device. */
const handAdapters: ReadonlySet<string> = new Set(["by-hand", "test"]);

function note(receipt: Receipt, contacts: Contacts, directory: Directory): void {
  const { host, atMs, userAgent: device, outcome } = receipt;
  if (host === undefined) return;
  switch (outcome) {
    case "changed": {
      const kind = handAdapters.has(receipt.adapter) ? "by-hand" : "change";
      contacts.note({ host, atMs, device, kind, addresses: directory.hosts.addresses(host) });
      return;
    }
    case "unchanged":
      contacts.note({ host, atMs, device, kind: "repeat" });
      return;
    default:
      contacts.note({ host, atMs, device, kind: "refusal" });
  }
}

/** Answers of the API that look like a device's, by its own user name. */
const byPeople: ReadonlySet<string> = new Set(["api", "by-hand", "test"]);

function noteLogin(
  receipt: Receipt,
  uses: LoginUses,
  firstUses: FirstLoginUses,
  directory: Directory,
): void {
  const { username, outcome, adapter, atMs, peer, userAgent: device } = receipt;
  const isGood = outcome === "changed" || outcome === "unchanged";
  if (!isGood || username === undefined || byPeople.has(adapter)) return;
  const login = directory.findLogin(username);
  if (login === undefined) return;
  if (uses.find(login.id) === undefined) {
    const owner = directory.findUser(login.user)?.name ?? "nobody";
    firstUses.see({ owner, username, peer, device });
  }
  uses.note({ login: login.id, atMs, device });
}

/** Own changes come as receipts; those that come as facts were made beside us, by a command or an import. */
function noteFact(fact: Fact, contacts: Contacts, { directory, clock }: HostRoomParts): void {
  if (fact.kind !== "host" || fact.host === undefined) return;
  const { id: host, v4, v6 } = fact.host;
  const before = directory.hosts.addresses(host);
  if (isSameAddress(before.v4, v4) && isSameAddress(before.v6, v6)) return;
  const atMs = clock.now();
  contacts.note({ host, atMs, device: "", kind: "by-hand", addresses: { v4, v6 } });
}

async function restore(contacts: Contacts, uses: LoginUses, { hostNotes }: Store): Promise<void> {
  for await (const heard of readAll((after) => hostNotes.listHeard(after, rowsPerRead), "host")) {
    contacts.restore(heard);
  }
  for await (const { host, hours } of readAll(
    (after) => hostNotes.listAlerts(after, rowsPerRead),
    "host",
  )) {
    contacts.setAlertHours(host, hours);
  }
  for await (const use of readAll(
    (after) => hostNotes.listLoginUses(after, rowsPerRead),
    "login",
  )) {
    uses.restore(use);
  }
}

async function* readAll<Key extends string, Row extends Readonly<Record<Key, number>>>(
  read: (after: number) => Promise<readonly Row[]>,
  key: Key,
): AsyncGenerator<Row> {
  for (let after = 0; ;) {
    const rows = await read(after);
    yield* rows;
    if (rows.length < rowsPerRead) return;
    after = rows.at(-1)![key];
  }
}
