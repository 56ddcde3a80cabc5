/** The composition root: a configuration in, a running service out. The only place where the parts meet. */

import packageFile from "../package.json" with { type: "json" };
import { adapterService, addressTexts, makeOpener } from "./adapter-service.ts";
import { makeAdapter } from "./adapters/answer.ts";
import { UnmatchedNotes, lookEveryMs } from "./adapters/learn/unmatched-notes.ts";
import type { SeenRequest } from "./adapters/update-service.ts";
import { makeDashboard } from "./api/dashboard.ts";
import { listenWeb } from "./api/web.ts";
import type { Status, WebListener } from "./api/web.ts";
import { systemChance } from "./base/chance.ts";
import { systemClock } from "./base/clock.ts";
import type { Clock } from "./base/clock.ts";
import { flagOf } from "./config/options.ts";
import type { Config } from "./config/options.ts";
import type { Origins } from "./config/read-config.ts";
import { findSharedSites, hasZoneBelow } from "./core/dashboard-name.ts";
import { Directory } from "./core/directory.ts";
import type { Fact, ManyHosts } from "./core/fact.ts";
import { Publication } from "./core/publication.ts";
import { ReceiptRing } from "./core/receipt-ring.ts";
import type { Receipt } from "./core/receipt.ts";
import { Registrar } from "./core/register.ts";
import { Updates } from "./core/take-update.ts";
import { listenForDevices, listening, openCertificates, printBound } from "./device-listeners.ts";
import type { Bound, DeviceListeners } from "./device-listeners.ts";
import { makeDeviceCounts } from "./devices/counts.ts";
import { CookieSecrets } from "./nameserver/cookies.ts";
import { applyAdapter, openOperatorRules } from "./operator-rules.ts";
import { listenDns } from "./nameserver/listen-dns.ts";
import { Publisher } from "./nameserver/publish.ts";
import { Signer } from "./nameserver/signer.ts";
import { tcpLimits } from "./nameserver/tcp-limits.ts";
import { health } from "./observe/health.ts";
import type { Health } from "./observe/health.ts";
import { keepHeapSmall } from "./observe/heap-keeper.ts";
import { openLog } from "./observe/log.ts";
import type { OpenLog } from "./observe/log.ts";
import { openMetrics } from "./observe/metrics.ts";
import { serviceMetrics } from "./observe/service-metrics.ts";
import { makeAcquaintances, SeenRequests } from "./seen-requests.ts";
import { serviceNumbers } from "./service-numbers.ts";
import { openPeople } from "./people.ts";
import type { People, PeopleParts } from "./people.ts";
import { openPepper } from "./store/pepper.ts";
import { openStore } from "./store/open-store.ts";
import { openSecretsKey } from "./store/secrets-key.ts";
import type { Store } from "./store/store.ts";
import { ZoneTable } from "./zone/zone-table.ts";

/** What a test may put in the place of the real thing. */
export interface Parts {
  readonly clock: Clock;
  readonly log: OpenLog;
  /** Given a store, `serve` uses it and closes it. */
  readonly store: Store;
}

export interface Service extends AsyncDisposable {
  /** Where it listens: port 0 has become a number. */
  readonly web: Bound;
  readonly webTls: readonly Bound[];
  readonly devices: DeviceListeners["bound"];
  readonly dns: readonly Bound[];
  /** How many hosts, zones and logins it serves. */
  sizes(): ReturnType<Directory["sizes"]>;
  /** A new link for the first account, the ones before end; undefined: there is an account. */
  openSetupLink(): Promise<string | undefined>;
}

export interface ServeOptions {
  /** The hosts belong to nobody (a sample fleet) and may be shown on the status page. */
  readonly showsHosts?: boolean;
  /** Where the settings come from, for the page that shows them. */
  readonly origins?: Origins;
}

/** Receipts kept in memory, over all hosts. */
const receiptsInMemory = 10_000;
/** How often changes over budget are looked at. */
const dueMs = 250;
const sweepMs = 60_000;
/** How often it is looked whether the secrets of DNS cookies roll over. */
const cookieSecretsMs = 60_000;

/** Everything is up when it resolves. Rejects with a sentence for the operator; then nothing is left open. */
export async function serve(
  config: Config,
  given: Partial<Parts> = {},
  options: ServeOptions = {},
): Promise<Service> {
  await using opened = new AsyncDisposableStack();
  opened.use(keepHeapSmall());
  const clock = given.clock ?? systemClock;
  const startedAtMs = clock.now();
  const log =
    given.log ?? opened.use(openLog({ level: config.logLevel, format: config.logFormat, fd: 2 }));
  const store = opened.use(
    given.store ?? (await openStore({ url: config.store, thread: true, clock, log })),
  );
  const pepper = await openPepper(config.data);
  const rules = openOperatorRules(config.adapterFiles);

  const hashSeed = new Int32Array(systemChance.octets(4).buffer)[0]!;
  const directory = new Directory(hashSeed);
  const table = new ZoneTable({ bytesMax: config.dnsMemoryMiB * 1024 * 1024, hashSeed });
  const signer = opened.use(
    new Signer({
      readers: config.dnsThreads + 1, // and one for TCP
      signatureOctetsMax: config.dnsSignatureMemoryMiB * 1024 * 1024,
      openSealKey: () => openSecretsKey(config.data),
      chance: systemChance,
      log,
    }),
  );
  const cookieSecrets = new CookieSecrets(pepper, clock);
  opened.use(every(cookieSecretsMs, () => cookieSecrets.update()));
  const publisher = new Publisher({
    table,
    directory,
    hostTtlSeconds: config.hostTtlSeconds,
    setKeys: (apex, keys) => signer.setKeys(apex, keys),
  });
  const apply = (fact: Fact | ManyHosts): void => {
    if (fact.kind === "adapter") applyAdapter(rules, fact, log);
    else publisher.apply(fact);
  };
  const position = await store.load(apply, (hosts) => publisher.expectHosts(hosts));
  await signer.ready();
  checkDashboardName(config, directory, log);

  const publication = new Publication({
    burst: config.changeBudgetBurst,
    refillMs: config.changeBudgetRefillSeconds * 1_000,
  });
  const publish = (host: number): void => publisher.publishHost(host);
  const receipts = new ReceiptRing(receiptsInMemory);
  for (const receipt of (await store.listReceipts(receiptsInMemory)).toReversed())
    receipts.add(receipt);
  const seeing: { people?: People } = {};
  const keep = (receipt: Receipt): void => {
    keepReceipt(receipt, receipts, store);
    seeing.people?.see(receipt);
  };
  const updates = new Updates({
    directory,
    publication,
    pepper,
    openSealed: makeOpener(() => openSecretsKey(config.data)),
    clock,
    commit: (changes, changeReceipts) => store.commit(changes, changeReceipts),
    changeChallenges: (hosts, change, changeReceipts) =>
      store.changeChallenges(hosts, change, changeReceipts),
    publish,
    keep,
  });
  const registrar = new Registrar({
    directory,
    pepper,
    clock,
    chance: systemChance,
    enrol: (enrolment) => store.enrol(enrolment),
    withdraw: (username) => store.withdraw(username),
    takeUpdate: (request) => updates.takeUpdate(request),
    keep,
  });
  store.follow(position, (facts) => {
    for (const fact of facts) {
      seeing.people?.seeFact(fact);
      apply(fact);
    }
  });
  opened.use(every(dueMs, () => publication.takeDue(clock.monotonicMs()).forEach(publish)));
  opened.use(every(sweepMs, () => publication.sweep(clock.monotonicMs())));

  const dns = opened.use(
    await listenDns(
      {
        listen: config.dns,
        threads: config.dnsThreads,
        udp: config.dnsUdp,
        names: { id: config.dnsServerId, version: config.dnsVersion },
        limit: {
          perSecond: config.dnsRateLimit,
          slip: config.dnsRateLimitSlip,
          exempt: config.dnsRateLimitExempt,
        },
        tcpLimits: {
          ...tcpLimits,
          connections: config.dnsTcpConnectionsMax,
          connectionsPerAddress: config.dnsTcpConnectionsPerAddressMax,
        },
      },
      { zones: table, signer, cookieSecrets: cookieSecrets.buffer, log },
    ),
  );
  const counts = makeDeviceCounts();
  const unmatched = new UnmatchedNotes({
    known: makeAcquaintances(directory, pepper),
    clock,
    write: (seen) => store.noteUnmatched(seen),
  });
  opened.use(every(lookEveryMs, () => void unmatched.look()));
  const seen = new SeenRequests(unmatched, clock, keep);
  const service = {
    ...adapterService(updates, registrar, directory),
    note: (request: SeenRequest) => seen.note(request),
    noteTold: (rule: string) => seeing.people?.seeTold(rule),
  };
  const answer = makeAdapter(service, rules, undefined, { clock, chance: systemChance });
  const devices = opened.use(
    await listenForDevices(config, { answer, service, clock, log, counts }),
  );

  const web: { listener?: WebListener } = {};
  const healthNow = (): Health =>
    health({
      store: store.health(),
      dnsThreads: { wanted: dns.wantedThreads, alive: dns.aliveThreads() },
      listeners: { web: true, devices: true, dns: dns.aliveThreads() > 0 },
    });
  const numbers = serviceNumbers({
    version: packageFile.version,
    startedAtMs,
    updates,
    dns,
    devices: counts,
    store,
    log,
    notesPassedOver: () => seen.passedOver(),
    webOpen: () => web.listener?.open() ?? 0,
  });
  const setByHand: PeopleParts["setAddresses"] = async (host, { v4, v6 }, receipt) => {
    const { atMs } = receipt;
    const [applied] = await store.commit([{ host, v4, v6, atMs }], [receipt]);
    if (applied !== "applied") return "gone";
    directory.hosts.setAddresses(host, { v4, v6 }, atMs);
    publish(host);
    keepReceipt(receipt, receipts, store);
    seeing.people?.see(receipt);
    return "set";
  };
  const people = opened.use(
    await openPeople({
      config,
      origins: options.origins,
      store,
      directory,
      clock,
      log,
      pepper,
      receipts,
      dnsServer: () => dns.bound[0],
      devicePort: devices.bound.devices[0]?.port ?? 80,
      setAddresses: (host, addresses, receipt) => setByHand(host, addresses, receipt),
      counting: { numbers, health: healthNow },
      publicUrl: () => config.publicUrl || `http://${printBound(web.listener ?? config.web)}`,
    }),
  );
  seeing.people = people;
  const status = (): Status => ({
    version: packageFile.version,
    upSeconds: Math.floor((clock.now() - startedAtMs) / 1_000),
    numbers: statusNumbers(directory, updates, numbers.dnsQueries()),
    hosts: options.showsHosts === true ? listShownHosts(directory) : [],
  });
  const webOptions = {
    transport: {
      publicUrl: config.publicUrl,
      hasZoneBelow: (host: string) => hasZoneBelow(directory.zones(), host),
    },
    trustedProxies: config.trustedProxies,
    metricsFrom: config.metricsFrom,
    app: people.app,
    dashboard: makeDashboard(),
    logo: () => people.brand.logo,
    metrics: openMetrics(serviceMetrics(numbers)),
    log,
    health: healthNow,
    status,
  };
  web.listener = opened.use(
    await listening("web", config.web, async () => listenWeb({ ...config.web, ...webOptions })),
  );
  const webTls: WebListener[] = [];
  const certificates =
    config.webTls.length === 0 ? undefined : opened.use(openCertificates(config, log));
  for (const at of config.webTls) {
    const listen = async () => listenWeb({ ...at, ...webOptions, certificates: certificates! });
    webTls.push(opened.use(await listening("webTls", at, listen)));
  }
  Bun.gc(true); // what loading left behind; the live heap is small, so that it takes milliseconds
  const sizes = directory.sizes();
  log.info({ ...sizes, data: config.data }, "The service is up");

  const { port, hostname } = web.listener;
  const closing = opened.move();
  return {
    web: { hostname, port },
    webTls: webTls.map((listener) => ({ hostname: listener.hostname, port: listener.port })),
    devices: devices.bound,
    dns: dns.bound,
    sizes: () => directory.sizes(),
    openSetupLink: () => people.openSetupLink(),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** The dashboard's name would be one that people with hosts here can reach into (D4, T5). */
export class SharedOrigin extends Error {
  override readonly name = "SharedOrigin";
}

/** A browser takes a host beside the dashboard for the same site, and its owner could plant cookies and forms there. */
function checkDashboardName(config: Config, directory: Directory, log: OpenLog): void {
  if (config.publicUrl === "") return;
  const { hostname } = new URL(config.publicUrl);
  for (const { zone, isOfPeople } of findSharedSites(directory, hostname)) {
    const what = `publicUrl names ${hostname}, which is above, below or beside the zone ${zone.apex}`;
    if (!isOfPeople || zone.isPrivate || config.allowSharedOrigin === "yes") {
      log.warn({ zone: zone.apex }, `${what}: give the dashboard a domain of its own`);
      continue;
    }
    throw new SharedOrigin(
      `${what}, in which people have hosts: a browser takes them for the same site. Give the dashboard a domain of its own, or set ${flagOf("allowSharedOrigin")} yes.`,
    );
  }
}

/** What changed is stored by the commit itself, repeats are only shown; refusals are kept too. */
function keepReceipt(receipt: Receipt, ring: ReceiptRing, store: Store): void {
  ring.add(receipt);
  if (receipt.outcome !== "changed" && receipt.outcome !== "unchanged") store.note([receipt]);
}

/** Hosts shown on the status page of a sample fleet. */
const shownHostsMax = 100;

function listShownHosts(directory: Directory): Status["hosts"] {
  const shown: Status["hosts"][number][] = [];
  for (const id of directory.hosts.ids()) {
    if (shown.length === shownHostsMax) break;
    shown.push({
      name: directory.hosts.getName(id),
      addresses: addressTexts(directory.hosts.addresses(id)).join(", "),
      changedAtMs: directory.hosts.changedAtMs(id),
    });
  }
  return shown;
}

function statusNumbers(
  directory: Directory,
  updates: Updates,
  dns: Readonly<Record<string, Readonly<Record<string, number>>>>,
): Status["numbers"] {
  const { zones, hosts, logins } = directory.sizes();
  const { changed, unchanged } = updates.counts;
  const answers = Object.values(dns)
    .flatMap((byRcode) => Object.values(byRcode))
    .reduce((sum, count) => sum + count, 0);
  return [
    ["Zones", zones],
    ["Hosts", hosts],
    ["Device logins", logins],
    ["Changes", changed],
    ["Repeats", unchanged],
    ["Wrong logins", updates.counts["bad-credentials"]],
    ["DNS answers", answers],
  ];
}

function every(ms: number, act: () => void): Disposable {
  const timer = setInterval(act, ms);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
