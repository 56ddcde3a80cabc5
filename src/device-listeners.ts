/** Every listener for devices that the configuration names, with the one service behind them all. */

import type { Adapter } from "./adapters/answer.ts";
import { beginGnudip } from "./adapters/talks/gnudip.ts";
import { answerMeibu } from "./adapters/talks/meibu.ts";
import { beginOds } from "./adapters/talks/ods.ts";
import type { Service } from "./adapters/update-service.ts";
import { systemChance } from "./base/chance.ts";
import type { Clock } from "./base/clock.ts";
import { WatchedCertificates } from "./config/certificate-files.ts";
import { flagOf } from "./config/options.ts";
import type { Config } from "./config/options.ts";
import type { DeviceCounts } from "./devices/counts.ts";
import { listenDatagrams } from "./devices/datagram-listener.ts";
import { listenDevices } from "./devices/listener.ts";
import { listenTalks } from "./devices/talk-listener.ts";
import { CannotListen } from "./nameserver/listen-dns.ts";
import type { OpenLog } from "./observe/log.ts";

export interface Bound {
  readonly hostname: string;
  readonly port: number;
}

export const deviceListenerNames = ["devices", "devicesTls", "gnudip", "ods", "meibu"] as const;
export type DeviceListenerName = (typeof deviceListenerNames)[number];

/** Where they listen: port 0 has become a number. */
export interface DeviceListeners extends AsyncDisposable {
  readonly bound: Readonly<Record<DeviceListenerName, readonly Bound[]>>;
}

export interface DeviceParts {
  readonly answer: Adapter;
  readonly service: Service;
  readonly clock: Clock;
  readonly log: OpenLog;
  readonly counts: DeviceCounts;
}

/** Rejects with a sentence for the operator; then nothing is left open. */
export async function listenForDevices(
  config: Config,
  { answer, service, clock, log, counts }: DeviceParts,
): Promise<DeviceListeners> {
  await using opened = new AsyncDisposableStack();
  const limits = {
    connections: config.deviceConnectionsMax,
    connectionsPerAddress: config.deviceConnectionsPerAddressMax,
    heldConnections: config.deviceConnectionsHeldMax,
  };
  const shared = { clock, log, counts };
  const http = { ...shared, answer, trustedProxies: config.trustedProxies, limits };
  const certificates =
    config.devicesTls.length === 0 ? undefined : opened.use(openCertificates(config, log));
  const listen = {
    devices: (at) => listenDevices({ ...at, ...http }),
    devicesTls: (at) => listenDevices({ ...at, ...http, certificates: certificates! }),
    gnudip: (at) =>
      listenTalks({ ...at, ...shared, begin: (peer) => beginGnudip(service, peer, systemChance) }),
    ods: (at) => listenTalks({ ...at, ...shared, begin: (peer) => beginOds(service, peer) }),
    meibu: (at) =>
      listenDatagrams({
        ...at,
        ...shared,
        answer: (octets, peer) => answerMeibu(octets, service, peer),
      }),
  } as const satisfies Record<DeviceListenerName, (at: Bound) => Promise<Bound & AsyncDisposable>>;

  const bound: Record<DeviceListenerName, Bound[]> = {
    devices: [],
    devicesTls: [],
    gnudip: [],
    ods: [],
    meibu: [],
  };
  for (const name of deviceListenerNames) {
    for (const { hostname, port } of config[name]) {
      const listener = opened.use(
        await listening(name, { hostname, port }, () => listen[name]({ hostname, port })),
      );
      bound[name].push({ hostname: listener.hostname, port: listener.port });
    }
  }
  const closing = opened.move();
  return { bound, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

/** Turns "address in use" and the like into a sentence that says where and what to do. */
export async function listening<Listener>(
  setting: "web" | "webTls" | DeviceListenerName,
  address: Bound,
  listen: () => Promise<Listener>,
): Promise<Listener> {
  try {
    return await listen();
  } catch (error) {
    const where = printBound(address);
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotListen(
      `Cannot listen on ${where}: ${why}. Choose another address with ${flagOf(setting)}, or end what uses it.`,
      { cause: error },
    );
  }
}

export function printBound({ hostname, port }: Bound): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

export function openCertificates(config: Config, log: OpenLog): WatchedCertificates {
  const files = { certificates: config.tlsCertificates, keys: config.tlsKeys };
  return new WatchedCertificates(files, (why) =>
    log.warn({ why }, "The certificate files changed and cannot be used; the old ones stay"),
  );
}
