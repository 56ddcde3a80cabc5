/** `nameward try`: a throw-away service with a small fleet of moving devices. Nothing is left behind. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Chance } from "./base/chance.ts";
import { systemChance } from "./base/chance.ts";
import { systemClock } from "./base/clock.ts";
import type { Config } from "./config/options.ts";
import { parseHostName } from "./core/host-name.ts";
import type { HostName } from "./core/host-name.ts";
import { makeVerifier } from "./core/verifier.ts";
import { parseRdataText, types } from "./dns/record-types.ts";
import { runFleet } from "./fleet.ts";
import { CannotListen } from "./nameserver/listen-dns.ts";
import type { OpenLog } from "./observe/log.ts";
import { printBound } from "./device-listeners.ts";
import { serve } from "./serve.ts";
import type { Service } from "./serve.ts";
import { openPepper } from "./store/pepper.ts";
import { openStore } from "./store/open-store.ts";
import type { Made } from "./store/store.ts";

/** RFC 6761 §6.2: `.test` is nobody's. */
const zoneName = "dyn.test";
const sampleHosts = ["cam-garage", "dvr-shop", "nas-office", "router-home", "weather-mast"];
/** The host of the printed lines; the fleet leaves it alone. */
const ownHost = "cam1";
const username = "demo";

/**
 * Runs until `stop` resolves. `config` says where to listen; where that is taken, any free port is
 * used. `tell` gets the text to print when all is up.
 */
export async function tryOut(
  config: Config,
  tell: (text: string) => unknown,
  stop: Promise<void>,
  given: { readonly log?: OpenLog; readonly chance?: Chance } = {},
): Promise<void> {
  const chance = given.chance ?? systemChance;
  const data = await mkdtemp(join(tmpdir(), "nameward-try-"));
  try {
    const password = "try-me-out";
    const store = join(data, "nameward.db");
    await fillStore(store, data, password);
    await using service = await serveSomewhere(
      { ...config, data, store, logLevel: "warn" },
      given.log,
    );
    const device = service.devices.devices[0]!;
    const credential = { username, password };
    const hosts = sampleHosts.map((label) => `${label}.${zoneName}`);
    await using _fleet = runFleet({ ...device, hosts, credential, chance });
    tell(printWelcome(service, password));
    await stop;
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function fillStore(url: string, data: string, password: string): Promise<void> {
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  await using store = await openStore({ url, thread: false, clock: systemClock, log });
  const pepper = await openPepper(data);
  const user = made(await store.addUser("demo", false, "!")); // no password opens this account
  const ns = `ns1.${zoneName}.`;
  const soa = `${ns} hostmaster.${zoneName}. 1 3600 600 1209600 60`;
  const zone = made(
    await store.addZone(hostName(zoneName), true, 1, [
      record(types.SOA, soa),
      record(types.NS, ns),
      { ...record(types.A, "127.0.0.1"), owner: ns },
    ]),
  );
  const ids: number[] = [];
  for (const label of [ownHost, ...sampleHosts]) {
    const name = hostName(`${label}.${zoneName}`);
    ids.push(made(await store.addHost(name, zone.id, user.id)).id);
  }
  const verifier = makeVerifier(pepper, username, password);
  made(await store.addLogin({ user: user.id, username, verifier, hosts: ids }));
}

function ignore(): void {
  // Setting up a throw-away store is nothing to write about.
}

function record(type: number, text: string) {
  const parsed = parseRdataText(type, text);
  if (parsed.kind !== "rdata") throw new Error(`The sample zone is wrong: ${text}`);
  return { owner: `${zoneName}.`, type, ttlSeconds: 3_600, rdata: parsed.rdata };
}

function hostName(text: string): HostName {
  const name = parseHostName(text);
  if (name === undefined) throw new Error(`The sample zone is wrong: ${text}`);
  return name;
}

function made<Thing>(outcome: Made<Thing>): Thing {
  if (outcome.kind !== "made")
    throw new Error(`The sample data could not be made: ${outcome.kind}`);
  return outcome.made;
}

/** On the usual ports, or on free ones where something else has taken them. */
async function serveSomewhere(config: Config, log: OpenLog | undefined): Promise<Service> {
  const parts = log === undefined ? {} : { log };
  const options = { showsHosts: true };
  try {
    return await serve(config, parts, options);
  } catch (error) {
    if (!(error instanceof CannotListen)) throw error;
    const free = { hostname: "127.0.0.1", port: 0, text: "127.0.0.1:0" };
    return serve({ ...config, web: free, devices: [free], dns: [free] }, parts, options);
  }
}

function printWelcome(service: Service, password: string): string {
  const [device, dns] = [service.devices.devices[0]!, service.dns[0]!];
  const host = `${ownHost}.${zoneName}`;
  const update = `http://${printBound(device)}/nic/update?hostname=${host}&myip=203.0.113.7`;
  return `Nameward runs, with ${sampleHosts.length} sample devices that move. All of it goes when you press Ctrl-C.

  Watch        http://${printBound(service.web)}/status

  Update       curl -u ${username}:${password} '${update}'

  Ask DNS      dig @${dns.hostname} -p ${dns.port} ${host} +short

  A moving one dig @${dns.hostname} -p ${dns.port} ${sampleHosts[0]}.${zoneName} +short
`;
}
